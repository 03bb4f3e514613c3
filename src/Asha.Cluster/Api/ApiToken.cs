using Asha.Tuning;

namespace Asha.Cluster.Api;

/// <summary>The bearer token, as it is kept in a file: its first line; what follows is whoever's who keeps it.</summary>
internal static class ApiToken
{
    private const int Shortest = 16, Longest = 1024;

    /// <param name="path">The file; <c>null</c>: there is no token.</param>
    /// <param name="key">How messages name it.</param>
    /// <exception cref="UserErrorException">It cannot be read, or is no token.</exception>
    public static string? Read(string? path, string key = "token-file")
    {
        if (path is null)
            return null;
        string token;
        try
        {
            using var reader = new StreamReader(path);
            var buffer = new char[Longest + 2];
            token = new string(buffer, 0, reader.ReadBlock(buffer)).Split('\n', 2)[0].Trim();
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{key}: {path}: cannot be read: {wrong.Message}");
        }
        if (token.Length is < Shortest or > Longest || token.Any(letter => letter is < '!' or > '~'))
            throw new UserErrorException($"{key}: {path}: its first line must be {Shortest} to {Longest} letters, digits and signs", $"Make one: openssl rand -hex 32 > {path} && chmod 600 {path}");
        return token;
    }
}
