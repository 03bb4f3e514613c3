using System.Data.Common;

namespace Asha.Actors.Persistence;

/// <summary>Why a database failed, in one sentence for people: what it says itself, without what was wrapped around it on its way.</summary>
public static class FailureText
{
    /// <summary>The sentence, without its full stop.</summary>
    public static string Of(Exception error)
    {
        var said = All(error).FirstOrDefault(one => one is DbException) ?? All(error).Last();
        var text = Bare(said);
        // "Failed to connect to 127.0.0.1:5432": because of what, the exception inside says.
        if (said.InnerException is { } inner && All(inner).Last() is var cause && !text.Contains(Bare(cause), StringComparison.Ordinal))
            text += $": {Bare(cause)}";
        return text;
    }

    /// <summary>The error and what is inside it, outermost first. Of several at once, one that only says that the connection was gone already comes last.</summary>
    private static IEnumerable<Exception> All(Exception error)
    {
        yield return error;
        var inside = error is AggregateException several ? several.InnerExceptions.OrderBy(one => one is ObjectDisposedException).Take(1) : error.InnerException is { } inner ? [inner] : [];
        foreach (var deeper in inside.SelectMany(All))
            yield return deeper;
    }

    private static string Bare(Exception error) => error.Message.TrimEnd('.');
}
