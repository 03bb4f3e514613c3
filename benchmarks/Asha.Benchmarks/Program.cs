using Asha.Benchmarks;
using BenchmarkDotNet.Running;

if (args.Contains("--quick"))
    RungQuick.Run();
else
    BenchmarkSwitcher.FromAssembly(typeof(RungBenchmark).Assembly).Run(args);
