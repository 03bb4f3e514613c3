// Each test has several processes, and some measure how long those take: they share the cores with no other test.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
