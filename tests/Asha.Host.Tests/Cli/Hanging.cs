namespace Asha.Host.Tests.Cli;

/// <summary>Scripts of which trials 1 and 2 hang, and all others do not.</summary>
internal static class Hanging
{
    /// <summary>Trials 1 and 2 hang as long as their standard input is open.</summary>
    public const string AsLongAsAshaLives = """
        if ((trial == 1 || trial == 2)); then touch hangs-$trial; read -r; fi
        save $target $trial
        """;

    /// <summary>Trials 1 and 2 listen to nobody, and neither do their children.</summary>
    public const string WhateverComes = """
        if ((trial == 1 || trial == 2)); then
          exec < /dev/null
          trap '' TERM INT HUP
          setsid sleep 1000 > /dev/null 2>&1 &
          (sleep 1000; true) &
          touch hangs-$trial
          while :; do sleep 1000; done
        fi
        save $target $trial
        """;

    public static bool Both(CliSandbox box) => File.Exists(box.In("hangs-1")) && File.Exists(box.In("hangs-2"));
}
