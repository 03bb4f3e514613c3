using Asha.Core.Experiments;
using Asha.Core.Spaces;

namespace Asha.Host.Tests.ExperimentFiles;

/// <summary>Compares experiments, whose lists are not equal by themselves.</summary>
internal static class Specs
{
    /// <param name="expected">What it should be.</param>
    /// <param name="actual">What it is.</param>
    /// <param name="hasValuesOfEnv">Whether the values of variables are to be the same as well, not only the names.</param>
    public static void AssertSame(ExperimentSpec expected, ExperimentSpec actual, bool hasValuesOfEnv = true)
    {
        Assert.Equal(expected.Name, actual.Name);
        Assert.Equal(expected.Seed, actual.Seed);
        Assert.Equal(expected.Metric, actual.Metric);
        Assert.Equal(expected.Resource, actual.Resource);
        Assert.Equal(expected.Scheduler, actual.Scheduler);
        Assert.Equal(expected.Slots, actual.Slots);
        Assert.Equal(expected.Stop, actual.Stop);
        Assert.Equal(expected.Space.Parameters.Count, actual.Space.Parameters.Count);
        foreach (var (one, other) in expected.Space.Parameters.Zip(actual.Space.Parameters))
            AssertSame(one, other);
        Assert.Equal(expected.Initial.Count, actual.Initial.Count);
        foreach (var (one, other) in expected.Initial.Zip(actual.Initial))
            Assert.Equal(one.Values, other.Values);
        AssertSame(expected.Trial, actual.Trial);
        if (hasValuesOfEnv)
            Assert.Equal(expected.Trial.Env, actual.Trial.Env);
        else
            Assert.Equal(expected.Trial.Env.Keys, actual.Trial.Env.Keys);
    }

    private static void AssertSame(TrialSpec expected, TrialSpec actual)
    {
        Assert.Equal(expected.Prepare, actual.Prepare);
        Assert.Equal(expected.PrepareLimit, actual.PrepareLimit);
        Assert.Equal(expected.Command, actual.Command);
        Assert.Equal(expected.Directory, actual.Directory);
        Assert.Equal((expected.Cpus, expected.Memory, expected.Limits), (actual.Cpus, actual.Memory, actual.Limits));
        Assert.Equal(expected.Labels ?? [], actual.Labels ?? []);
        Assert.Equal((expected.Gpus, expected.MaxAttempts, expected.TimeLimit, expected.SilenceLimit, expected.CheckpointBudget),
            (actual.Gpus, actual.MaxAttempts, actual.TimeLimit, actual.SilenceLimit, actual.CheckpointBudget));
    }

    private static void AssertSame(Parameter expected, Parameter actual)
    {
        Assert.Equal(expected.Name, actual.Name);
        if (expected.Domain is ListDomain list)
        {
            var other = Assert.IsType<ListDomain>(actual.Domain);
            Assert.Equal(list.Values, other.Values);
            Assert.Equal(list.Ordered, other.Ordered);
        }
        else
        {
            Assert.Equal(expected.Domain, actual.Domain);
        }
        Assert.Equal(expected.When.Count, actual.When.Count);
        foreach (var (one, other) in expected.When.Zip(actual.When))
        {
            Assert.Equal(one.Parameter, other.Parameter);
            Assert.Equal(one.Values, other.Values);
        }
    }
}
