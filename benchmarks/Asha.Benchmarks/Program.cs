using Asha.Benchmarks;
using BenchmarkDotNet.Running;

if (args.Contains("--quick"))
    RungQuick.Run();
else if (args.Contains("--format"))
    FormatQuick.Run();
else
    BenchmarkSwitcher.FromAssembly(typeof(RungBenchmark).Assembly).Run(args);
