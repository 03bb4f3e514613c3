namespace Asha.Host.View;

/// <summary>The size of the screen, and whether it has more signs than ASCII's.</summary>
internal sealed record Look(int Width, int Height, bool IsUnicode = true)
{
    /// <summary>For bars: promoted, completed, running.</summary>
    public (char Promoted, char Completed, char Running) Bars => IsUnicode ? ('█', '▒', '░') : ('#', '=', '-');

    public string Ellipsis => IsUnicode ? "…" : "..";

    public string Eta => IsUnicode ? "η" : "eta";
}
