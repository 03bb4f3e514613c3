using Asha.Benchmarks;
using Asha.Benchmarks.ClusterLists;
using Asha.Benchmarks.ClusterLoad;
using Asha.Benchmarks.Members;
using Asha.Benchmarks.Simulated;
using Asha.Benchmarks.WholePath;
using BenchmarkDotNet.Running;

if (args.Contains("--quick"))
    RungQuick.Run();
else if (args.Contains("--format"))
    FormatQuick.Run();
else if (args.Contains("--pool"))
    PoolQuick.Run();
else if (args.Contains("--engine"))
    await EngineQuick.RunAsync(args);
else if (args.Contains("--metrics"))
    await MetricsQuick.RunAsync(args);
else if (args.Contains("--recovery"))
    await RecoveryQuick.RunAsync(args);
else if (args.Contains("--simulation"))
    SimulationQuick.Run(args);
else if (args.Contains("--memory"))
    await MemoryQuick.RunAsync([10_000, 100_000, 1_000_000]);
else if (args.Contains("--list"))
    await ListQuick.RunAsync(args);
else if (args.Contains("--cluster"))
    await LoadQuick.RunAsync(args);
else if (args.Contains("--gossip"))
    await GossipQuick.RunAsync(args);
else if (args.Contains("--load-node"))
    await LoadNode.RunAsync(args);
else if (args.Contains("--process"))
    await ProcessQuick.RunAsync();
else
    BenchmarkSwitcher.FromAssembly(typeof(RungBenchmark).Assembly).Run(args);
