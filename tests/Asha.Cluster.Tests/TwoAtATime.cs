// Clusters wait for time limits most of the time: one after the other they leave two cores idle for three fifths of it. More at once, and some take so long to notice each other that tests give up.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
