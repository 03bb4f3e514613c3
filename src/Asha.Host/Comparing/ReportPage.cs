namespace Asha.Host.Comparing;
internal static class ReportPage { public static string Of(Comparison c) => ReportFile.Mark; }
