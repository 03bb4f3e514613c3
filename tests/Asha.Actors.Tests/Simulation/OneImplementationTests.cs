using Asha.Actors.Simulation;
using Mono.Cecil;

namespace Asha.Actors.Tests.Simulation;

/// <summary>There is no second implementation of a decision: what simulates knows nothing of rungs, schedulers and searchers, and leaves them to the actors.</summary>
public sealed class OneImplementationTests
{
    private static readonly string[] _decide =
        ["Asha.Core.Experiments.Experiment", "Asha.Core.Experiments.ExperimentState", "Asha.Core.Experiments.StopRule", "Asha.Actors.RungActor", "Asha.Actors.RungDesk"];

    [Fact]
    public void The_simulation_refers_to_no_type_that_decides()
    {
        using var assembly = AssemblyDefinition.ReadAssembly(typeof(SimulatedRun).Assembly.Location);
        var own = assembly.MainModule.Types.Where(type => type.Namespace == "Asha.Actors.Simulation").SelectMany(AndNested).ToList();
        var referred = own.SelectMany(Referred).Where(type => type.Namespace.StartsWith("Asha.")).Select(type => type.FullName).ToHashSet();
        // It would not be worth much if it saw nothing.
        Assert.Contains("Asha.Core.Experiments.JobStarted", referred);
        Assert.Contains("Asha.Actors.AshaActors", referred);
        Assert.DoesNotContain(referred, name => name.StartsWith("Asha.Core.Scheduling.") || name.StartsWith("Asha.Core.Searchers.") || _decide.Contains(name));
    }

    private static IEnumerable<TypeDefinition> AndNested(TypeDefinition type) => type.NestedTypes.SelectMany(AndNested).Prepend(type);

    private static IEnumerable<TypeReference> Referred(TypeDefinition type)
    {
        var fields = type.Fields.Select(field => field.FieldType);
        var bodies = type.Methods.Where(method => method.HasBody).SelectMany(method => method.Body.Instructions).Select(instruction => instruction.Operand);
        return fields.Concat(type.Methods.SelectMany(method => method.Parameters.Select(parameter => parameter.ParameterType).Append(method.ReturnType))).Concat(bodies.Select(operand => operand switch
        {
            TypeReference used => used,
            MemberReference member => member.DeclaringType,
            _ => null,
        }).OfType<TypeReference>()).SelectMany(Parts);
    }

    /// <summary>A generic type and what it is made of.</summary>
    private static IEnumerable<TypeReference> Parts(TypeReference type) => type switch
    {
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Append(generic.ElementType),
        TypeSpecification specified => Parts(specified.ElementType),
        _ => [type],
    };
}
