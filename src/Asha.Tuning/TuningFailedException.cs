namespace Asha.Tuning;

/// <summary>The engine itself failed: its journal could not be written, for instance. The message says why, and <c>asha.log</c> in the run's folder more.</summary>
public sealed class TuningFailedException : Exception
{
    internal TuningFailedException(string reason, string folder, TuningResult? result) : base(reason) => (Folder, Result) = (folder, result);

    /// <summary>Full path of the run's folder.</summary>
    public string Folder { get; }

    /// <summary>What had been found by then; <c>null</c>: nothing.</summary>
    public TuningResult? Result { get; }
}
