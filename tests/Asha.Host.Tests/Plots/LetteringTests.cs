using System.Xml;
using Asha.Host.Plots;
using CsCheck;

namespace Asha.Host.Tests.Plots;

/// <summary>Text that anybody may have given.</summary>
public class LetteringTests
{
    [Theory]
    [InlineData("plain name", "plain name")]
    [InlineData("a\u001b[31mb\n\tc", "a□[31mb c")]
    [InlineData("Ωμέγα, Привет, größer → ≥", "Ωμέγα, Привет, größer → ≥")]
    [InlineData("turned \u202Ednuor", "turned □dnuor")]
    [InlineData("  two   spaces ", "two spaces")]
    public void Names_are_cleaned(string name, string clean) => Assert.Equal(clean, Lettering.Clean(name));

    [Fact]
    public void Half_a_character_is_none() => Assert.Equal("half □ of one", Lettering.Clean("half " + '\ud83d' + " of one"));

    [Fact]
    public void A_cleaned_name_can_be_written_to_xml_and_fits_where_it_is_made_to_fit()
        => Gen.Select(Gen.String, Gen.Double[20, 400]).Sample((name, width) =>
        {
            var fitted = Lettering.Fit(Lettering.Clean(name), (float)width, 13);
            XmlConvert.VerifyXmlChars(fitted);
            Assert.True(Lettering.Width(fitted, 13) <= width);
        });
}
