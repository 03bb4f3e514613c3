using Asha.Benchmarks;
using Asha.Benchmarks.WholePath;
using BenchmarkDotNet.Running;

if (args.Contains("--quick"))
    RungQuick.Run();
else if (args.Contains("--format"))
    FormatQuick.Run();
else if (args.Contains("--engine"))
    await EngineQuick.RunAsync(args);
else
    BenchmarkSwitcher.FromAssembly(typeof(RungBenchmark).Assembly).Run(args);
