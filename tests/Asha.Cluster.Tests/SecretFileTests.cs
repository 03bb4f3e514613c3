using Asha.Cluster.Security;

namespace Asha.Cluster.Tests;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class SecretFileTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData(UnixFileMode.UserRead, true)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.GroupRead, true)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead, false)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.OtherWrite, false)]
    public void What_every_user_can_read_is_warned_of(UnixFileMode mode, bool isSecret)
    {
        File.SetUnixFileMode(_file, mode);
        Assert.Equal(isSecret, SecretFile.Warning(_file, "tls.key") is null);
    }

    [Fact]
    public void What_is_not_there_is_for_others_to_say()
    {
        Assert.Null(SecretFile.Warning(null, "tls.key"));
        Assert.Null(SecretFile.Warning("/nothing/here", "tls.key"));
    }
}
