namespace Asha.Host.View;

/// <summary>Where progress goes: to a terminal that shows a live view, or as plain lines into whatever there is.</summary>
internal sealed record ViewTarget(int Descriptor, bool HasColours, bool IsUnicode)
{
    /// <summary>The terminal, or <c>null</c> where only plain lines will do.</summary>
    /// <param name="descriptor">1: standard output; 2: standard error.</param>
    /// <param name="plain">Whether lines were asked for.</param>
    public static ViewTarget? Choose(int descriptor, bool plain)
    {
        var tty = new Tty(descriptor);
        return !plain && OperatingSystem.IsLinux() && tty.IsTerminal && tty.IsForeground ? Of(descriptor, Environment.GetEnvironmentVariable) : null;
    }

    /// <summary>What the environment says of a terminal.</summary>
    public static ViewTarget? Of(int descriptor, Func<string, string?> variable)
    {
        if (variable("TERM") is null or "" or "dumb" or "unknown")
            return null;
        // The first of these that is set counts (locale(7)). Without any, terminals of today take UTF-8, and .NET writes it.
        string[] locales = ["LC_ALL", "LC_CTYPE", "LANG"];
        var locale = locales.Select(variable).FirstOrDefault(value => !string.IsNullOrEmpty(value));
        var unicode = locale is null || locale.Replace("-", "").Contains("UTF8", StringComparison.OrdinalIgnoreCase);
        return new ViewTarget(descriptor, string.IsNullOrEmpty(variable("NO_COLOR")), unicode);
    }
}
