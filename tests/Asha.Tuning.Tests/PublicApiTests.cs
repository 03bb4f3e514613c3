using System.Reflection;
using System.Runtime.CompilerServices;

namespace Asha.Tuning.Tests;

/// <summary>What a user sees of the assembly.</summary>
public sealed class PublicApiTests
{
    private static readonly Assembly Own = typeof(Tuner).Assembly;

    [Fact]
    public void No_type_of_the_engine_occurs_in_a_public_signature()
    {
        var foreign = new HashSet<string>();
        foreach (var type in Own.GetExportedTypes())
        {
            foreach (var used in Used(type).SelectMany(Parts))
            {
                if (used.Assembly != Own && !(used.Namespace ?? "").StartsWith("System", StringComparison.Ordinal) && used.FullName != "Microsoft.Extensions.Logging.ILoggerFactory")
                    foreign.Add($"{type.Name}: {used}");
            }
        }
        Assert.Empty(foreign);
    }

    [Fact]
    public void All_public_types_are_in_one_namespace_and_there_are_few()
    {
        Assert.All(Own.GetExportedTypes(), type => Assert.Equal("Asha.Tuning", type.Namespace));
        Assert.InRange(Own.GetExportedTypes().Length, 15, 28);
    }

    [Fact]
    public void Nobody_can_make_or_change_what_only_a_run_makes()
    {
        Assert.Empty(typeof(Trial).GetConstructors());
        Assert.DoesNotContain(Own.GetExportedTypes().SelectMany(type => type.GetProperties().Where(property => property.DeclaringType == type)), property => property.SetMethod is { IsPublic: true } set
            && !set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)));
    }

    private static IEnumerable<Type> Used(Type type)
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        static bool IsSeen(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;
        return new[] { type.BaseType }.OfType<Type>().Concat(type.GetInterfaces())
            .Concat(type.GetConstructors(All).Where(IsSeen).SelectMany(made => made.GetParameters()).Select(parameter => parameter.ParameterType))
            .Concat(type.GetMethods(All).Where(IsSeen).SelectMany(method => method.GetParameters().Append(method.ReturnParameter)).Select(parameter => parameter.ParameterType))
            .Concat(type.GetFields(All).Where(field => field.IsPublic || field.IsFamily).Select(field => field.FieldType));
    }

    private static IEnumerable<Type> Parts(Type type) => type.HasElementType
        ? Parts(type.GetElementType()!)
        : type.IsGenericParameter ? [] : type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition()) : [type];
}
