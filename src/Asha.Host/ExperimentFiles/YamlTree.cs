using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Asha.Host.ExperimentFiles;

/// <summary>
/// Builds the tree of one document, and refuses what an experiment file has no use for: other documents, tags, anchors, aliases and
/// merge keys (so nothing can blow up), keys that are no single values, control characters, and nesting that no honest file has.
/// </summary>
internal sealed class YamlTree
{
    public const int MostBytes = 1 << 20;
    public const int DeepestNesting = 16;

    private readonly string _source;
    private readonly bool _hasLines;
    private readonly Reading _reading;
    private readonly Parser _parser;
    private readonly Stack<Mark> _openBrackets = new();

    private YamlTree(string text, string source, bool hasLines, Reading reading)
        => (_source, _hasLines, _reading, _parser) = (source, hasLines, reading, new Parser(new StringReader(text)));

    /// <summary>The tree of a file, or <c>null</c> where there is none to go on with: the reading then says why.</summary>
    public static YamlNode? OfFile(string text, string fileName, Reading reading) => Of(text.TrimStart('\uFEFF'), fileName, true, reading);

    /// <summary>The tree of a value given on the command line.</summary>
    public static YamlNode? OfOverride(Override given, Reading reading)
        => Of(given.Value, given.Place.Source, false, reading);

    private static YamlNode? Of(string text, string source, bool hasLines, Reading reading)
    {
        var start = new Place(source, hasLines ? 1 : 0, hasLines ? 1 : 0);
        if (text.Length > MostBytes || Encoding.UTF8.GetByteCount(text) > MostBytes)
        {
            reading.Wrong(start, "", "is larger than 1 MiB");
            return null;
        }
        if (YamlText.FirstForbidden(text) is { } forbidden)
        {
            reading.Wrong(hasLines ? new Place(source, forbidden.Line, forbidden.Column) : start, "", $"holds {forbidden.What}");
            return null;
        }
        return new YamlTree(text, source, hasLines, reading).Document(start);
    }

    private YamlNode? Document(Place start)
    {
        try
        {
            Next();
            if (Next() is StreamEnd)
                return new ScalarNode(start, "", Plain: true);
            Next();
            var root = Node(depth: 1);
            Next();
            if (Next() is not StreamEnd)
                _reading.Wrong(At(_parser.Current!.Start), "", "a second document begins here; one file holds one");
            return root;
        }
        catch (TooDeepException deep)
        {
            _reading.Wrong(At(deep.Mark), "", $"is nested more than {DeepestNesting} levels deep");
        }
        catch (YamlException wrong)
        {
            _reading.Wrong(At(wrong.Start), "", $"is not YAML: {Sentence(wrong.Message)}");
        }
        catch (ArgumentException)
        {
            // What the parser throws at a tag that is no tag: the node after the last event that it understood.
            _reading.Wrong(At(_parser.Current?.End ?? Mark.Empty), "", "is not YAML: behind this there is a tag (!) that is none; write texts in quotes");
        }
        catch (InvalidOperationException)
        {
            // What the parser throws where the block around an unclosed bracket ends. It reads ahead, so that brackets inside the
            // outermost one may have been closed meanwhile.
            var bracket = _openBrackets.Count > 0 ? _openBrackets.Last() : _parser.Current?.Start ?? Mark.Empty;
            _reading.Wrong(At(bracket), "", "is not YAML: the bracket that opens here is not closed");
        }
        return null;
    }

    private ParsingEvent Next() => _parser.MoveNext() ? _parser.Current! : throw new YamlException("the document ends too early");

    /// <summary>The node whose event is current; afterwards its last event is.</summary>
    private YamlNode Node(int depth)
    {
        var place = At(_parser.Current!.Start);
        if (_parser.Current is not NodeEvent begun)
        {
            _reading.Wrong(place, "", "aliases (*) are not supported; write the value out");
            return new RefusedNode(place);
        }
        if (depth > DeepestNesting)
            throw new TooDeepException(begun.Start);
        if (!begun.Anchor.IsEmpty)
            _reading.Wrong(place, "", "anchors (&) are not supported; remove it");
        if (!begun.Tag.IsEmpty)
            _reading.Wrong(place, "", "tags (!) are not supported; remove it, and write texts in quotes");
        return begun switch
        {
            Scalar scalar => new ScalarNode(place, scalar.Value, scalar.Style == ScalarStyle.Plain),
            SequenceStart list => List(list, place, depth),
            _ => Map((MappingStart)begun, place, depth),
        };
    }

    private ListNode List(SequenceStart begun, Place place, int depth)
    {
        var elements = new List<YamlNode>();
        var bracketed = begun.Style == SequenceStyle.Flow;
        if (bracketed)
            _openBrackets.Push(begun.Start);
        while (Next() is not SequenceEnd)
            elements.Add(Node(depth + 1));
        if (bracketed)
            _openBrackets.Pop();
        return new ListNode(place, elements);
    }

    private MapNode Map(MappingStart begun, Place place, int depth)
    {
        var entries = new List<MapEntry>();
        var bracketed = begun.Style == MappingStyle.Flow;
        if (bracketed)
            _openBrackets.Push(begun.Start);
        while (Next() is not MappingEnd)
        {
            var key = Node(depth + 1);
            Next();
            var value = Node(depth + 1);
            if (key is ScalarNode { Text: "<<", Plain: true })
                _reading.Wrong(key.Place, "", "merge keys (<<) are not supported; write the keys out");
            else if (key is ScalarNode name)
                entries.Add(new MapEntry(name, value));
            else if (key is not RefusedNode)
                _reading.Wrong(key.Place, "", "a key must be a single value");
        }
        if (bracketed)
            _openBrackets.Pop();
        return new MapNode(place, entries);
    }

    private Place At(Mark mark) => _hasLines ? new Place(_source, (int)mark.Line, (int)mark.Column) : new Place(_source, 0, 0);

    private static string Sentence(string message)
        => message.Length == 0 ? "syntax error" : char.ToLowerInvariant(message[0]) + message[1..].TrimEnd('.');

    private sealed class TooDeepException(Mark mark) : Exception
    {
        public Mark Mark { get; } = mark;
    }
}
