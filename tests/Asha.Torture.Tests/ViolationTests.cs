using Asha.Torture.Invariants;

namespace Asha.Torture.Tests;

public sealed class ViolationTests
{
    [Fact]
    public void A_broken_law_is_named_with_what_was_seen() => Assert.Equal("no result is lost: trial 3", new ViolationException("no result is lost", "trial 3").Message);
}
