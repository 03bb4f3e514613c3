using System.Text.RegularExpressions;

namespace Asha.Actors.Execution;

/// <summary>Whether a trial that failed had got no memory: by the words of its last lines. What Python, PyTorch, TensorFlow, JAX, C++, Java, .NET, Node, Go, Rust, R and the system call say.</summary>
internal static partial class OutOfMemory
{
    /// <summary>The line that says so, or <c>null</c>.</summary>
    public static string? Words(IReadOnlyList<string> lastLines) => lastLines.FirstOrDefault(line => Said().IsMatch(line));

    [GeneratedRegex(@"\bout of memory\b|OutOfMemory(Error|Exception)|\b_?(Array)?MemoryError\b|\bstd::bad_alloc\b|\bcannot allocate (memory|vector of size|\d+ bytes)\b|\bmemory allocation of \d+ bytes failed\b"
        + @"|\bRESOURCE_EXHAUSTED\b|\bResourceExhaustedError\b|\bOOM when allocating\b|\bCUDA_ERROR_OUT_OF_MEMORY\b|\bCU(BLAS|DNN)_STATUS_ALLOC_FAILED\b|\boom-kill\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Said();
}
