namespace Asha.Torture.Invariants.Books;

/// <summary>Whether two metrics are the same to a journal, which has one word for NaN and the infinities.</summary>
internal static class SameNumber
{
    public static bool Is(double one, double other) => one.Equals(other) || !double.IsFinite(one) && !double.IsFinite(other);
}
