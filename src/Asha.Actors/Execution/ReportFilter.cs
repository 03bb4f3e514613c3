namespace Asha.Actors.Execution;

/// <summary>Takes some bytes; they are gone when it returns.</summary>
internal delegate void ByteSink(ReadOnlySpan<byte> bytes);

/// <summary>
/// Parts a trial's standard output, as it comes, into report lines and log. Only a line that begins like a report is held
/// back, and no more of it than a report may have: output without any newline needs no memory.
/// </summary>
/// <remarks>
/// An empty line right before a report belongs to it: a program that prints from many threads, or whose children print too,
/// begins its reports with a newline, so that none of them stands behind half a line of another's.
/// </remarks>
internal sealed class ReportFilter(ByteSink reportLine, ByteSink log)
{
    private enum Place { LineStart, Log, Report, TooLong }

    private static ReadOnlySpan<byte> AfterEmptyLine => "\n@asha "u8;

    private readonly byte[] _line = new byte[ReportLine.MaxLength + 1];
    private Place _place = Place.LineStart;

    /// <summary>Bytes of <see cref="_line"/> in use; at a line's start: how much of the prefix, or of an empty line and the prefix, was there.</summary>
    private int _length;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        // bytes[logFrom..at] are log and not handed on yet, so that short lines do not cost a call each.
        int at = 0, logFrom = 0;
        while (at < bytes.Length)
        {
            var rest = bytes[at..];
            switch (_place)
            {
                case Place.LineStart:
                    var held = _length;
                    var emptyLine = (held > 0 ? _line[0] : rest[0]) == '\n';
                    var start = emptyLine ? AfterEmptyLine : ReportLine.Prefix;
                    var matched = rest.CommonPrefixLength(start[held..]);
                    if (held + matched == start.Length)
                    {
                        HandOn(bytes[logFrom..at]);
                        ReportLine.Prefix.CopyTo(_line);
                        (_length, _place) = (ReportLine.Prefix.Length, Place.Report);
                        logFrom = at += matched;
                    }
                    else if (matched == rest.Length)
                    {
                        HandOn(bytes[logFrom..at]);
                        rest.CopyTo(_line.AsSpan(held));
                        _length += matched;
                        logFrom = at += matched;
                    }
                    else if (emptyLine && held == 0)
                    {
                        at++;
                    }
                    else
                    {
                        // An ordinary line after all; what an earlier call held back of it comes first.
                        HandOn(_line.AsSpan(0, held));
                        (_length, _place) = (0, emptyLine && held == 1 ? Place.LineStart : Place.Log);
                    }
                    break;
                case Place.Log:
                    at += ThroughLog(rest);
                    break;
                default:
                    var newline = rest.IndexOf((byte)'\n');
                    Collect(newline < 0 ? rest : rest[..newline]);
                    if (newline >= 0)
                        EndReport();
                    logFrom = at += newline < 0 ? rest.Length : newline + 1;
                    break;
            }
        }
        HandOn(bytes[logFrom..at]);
    }

    /// <summary>The output is at its end: a last line needs no newline.</summary>
    public void Complete()
    {
        if (_place == Place.LineStart)
            HandOn(_line.AsSpan(0, _length));
        else if (_place != Place.Log)
            EndReport();
        (_length, _place) = (0, Place.LineStart);
    }

    /// <summary>To the next line that may be a report, or the empty one before it: a search for two bytes is fast, however short the lines are.</summary>
    private int ThroughLog(ReadOnlySpan<byte> rest)
    {
        var newline = rest.IndexOf("\n@"u8);
        if (newline < 0)
            newline = rest.Length - 1;
        if (rest[newline] != '\n')
            return rest.Length;
        _place = Place.LineStart;
        return newline > 0 && rest[newline - 1] == '\n' ? newline : newline + 1;
    }

    private void Collect(ReadOnlySpan<byte> more)
    {
        if (_place == Place.TooLong)
            return;
        var fits = Math.Min(more.Length, _line.Length - _length);
        more[..fits].CopyTo(_line.AsSpan(_length));
        _length += fits;
        if (_length == _line.Length)
        {
            // One byte more than a report may have: enough for it to be rejected, and what follows changes nothing.
            reportLine(_line);
            _place = Place.TooLong;
        }
    }

    private void EndReport()
    {
        if (_place == Place.Report)
            reportLine(_line.AsSpan(0, _length));
        (_length, _place) = (0, Place.LineStart);
    }

    private void HandOn(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty)
            log(bytes);
    }
}
