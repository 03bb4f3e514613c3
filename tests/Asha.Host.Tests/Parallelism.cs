// Most of these tests wait for processes, and these for time limits: on two cores a third at a time is done while the others wait.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
