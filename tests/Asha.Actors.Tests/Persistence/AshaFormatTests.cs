using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Asha.Core.Experiments;
using Asha.Core.Spaces;
using Asha.Core.Tests;
using CsCheck;

namespace Asha.Actors.Tests.Persistence;

/// <summary>The one format: every type there and back, nothing of a later version taken for ours (law 8), no secrets.</summary>
public sealed class AshaFormatTests : ActorTest
{
    private AshaFormat Wire => new((ExtendedActorSystem)Sys);

    [Fact]
    public void Every_manifest_has_a_sample_and_reads_back_field_by_field()
    {
        var samples = Samples.Messages(TestActor).Concat(Samples.Events).ToArray();
        Assert.Equal(AshaFormat.All.Select(known => known.Type).OrderBy(type => type.Name), samples.Select(sample => sample.GetType()).Distinct().OrderBy(type => type.Name));
        foreach (var sample in samples)
        {
            var bytes = Wire.Write(sample);
            var back = Wire.Read(bytes, AshaFormat.ManifestOf(sample));
            Assert.Equal(Told(sample), Told(back));
            Assert.Equal(bytes, Wire.Write(back));
            // No type name of ours, nor of .NET.
            Assert.DoesNotMatch("Asha\\.|System\\.|\\$type", Encoding.UTF8.GetString(bytes));
        }
    }

    [Fact]
    public void Whatever_is_a_wire_message_or_an_event_goes_through_the_one_serializer()
    {
        foreach (var sample in Samples.Messages(TestActor).Concat(Samples.Events))
        {
            var serializer = Assert.IsType<AshaSerializer>(Sys.Serialization.FindSerializerFor(sample));
            Assert.Equal(1810, serializer.Identifier);
            var back = Sys.Serialization.Deserialize(serializer.ToBinary(sample), serializer.Identifier, serializer.Manifest(sample));
            Assert.Equal(Told(sample), Told(back));
        }
    }

    [Fact]
    public void Every_message_either_has_a_manifest_or_never_leaves_its_process()
    {
        var messages = typeof(IWireMessage).Assembly.GetTypes().Where(type => type is { IsAbstract: false, Namespace: "Asha.Actors.Messages" }).ToArray();
        Assert.NotEmpty(messages);
        foreach (var message in messages)
            Assert.True(typeof(IWireMessage).IsAssignableFrom(message) != typeof(INoSerializationVerificationNeeded).IsAssignableFrom(message), message.Name);
        var known = AshaFormat.All.Select(entry => entry.Type).ToArray();
        Assert.Equal(known.Where(type => typeof(IWireMessage).IsAssignableFrom(type)).OrderBy(type => type.Name),
            messages.Where(type => typeof(IWireMessage).IsAssignableFrom(type)).OrderBy(type => type.Name));
        Assert.Equal(known.Where(type => typeof(ExperimentEvent).IsAssignableFrom(type)).OrderBy(type => type.Name),
            typeof(ExperimentEvent).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(ExperimentEvent))).OrderBy(type => type.Name));
    }

    [Fact]
    public void Manifests_are_names_with_a_version_and_none_is_ever_given_up()
    {
        var manifests = AshaFormat.All.Select(known => known.Manifest).ToArray();
        Assert.All(manifests, manifest => Assert.Matches(new Regex("^[a-z]+(-[a-z]+)*\\.[1-9][0-9]*$"), manifest));
        Assert.Equal(manifests.Length, manifests.Distinct().Count());
        string[] given =
        [
            "experiment-started.1", "trials-limited.1", "slot-joined.1", "slot-lost.1", "slot-left.1", "slot-parked.1", "trial-sampled.1", "trial-promoted.1", "job-started.1",
            "report-accepted.1", "report-rejected.1", "job-completed.1", "attempt-failed.1", "attempt-lost.1", "job-cut.1", "experiment-ended.1", "join-node.1", "start-job.1",
            "end-job.1", "node-report.1", "report-stored.1", "release-checkpoints.1", "open-experiment.1", "close-experiment.1", "grant-slot.1", "recall-slot.1",
            "return-slot.1", "park-slot.1", "use-slot.1", "want-slots.1", "slots-lost.1", "retire-slot.1", "slot-retired.1", "slots-unreachable.1", "leave-node.1", "node-released.1", "report-awaited.1", "attempt-over.1", "checkpoint-dropped.1",
        ];
        Assert.Subset(manifests.ToHashSet(), given.ToHashSet());
    }

    [Theory]
    [InlineData("trial-sampled.2")]
    [InlineData("trial-sampled")]
    [InlineData("Asha.Core.Experiments.TrialSampled, Asha.Core")]
    [InlineData("")]
    public void An_unknown_manifest_is_an_error_that_names_it(string manifest)
        => Assert.Contains($"'{manifest}'", Assert.Throws<UnknownFormatException>(() => Wire.Read("{}"u8, manifest)).Message);

    [Fact]
    public void A_type_without_a_manifest_is_an_error()
    {
        Assert.Throws<UnknownFormatException>(() => AshaFormat.ManifestOf("text"));
        Assert.Throws<UnknownFormatException>(() => AshaFormat.ManifestOf(new EventsWritten(1)));
    }

    [Fact]
    public void Bytes_that_are_not_what_the_manifest_says_are_an_error()
        => Gen.Select(Gen.OneOfConst(AshaFormat.All.Select(known => known.Manifest).ToArray()), Gen.OneOf(
                Gen.OneOfConst("", "null", "[]", "1", "{", "{\"time\":", "{\"time\":\"x\"}", "{\"time\":1e400}", "{\"time\":-1e30}", "{}", "\u0000"),
                Gen.String)).Sample((manifest, text) =>
        {
            var error = Record.Exception(() => Wire.Read(Encoding.UTF8.GetBytes(text), manifest));
            Assert.True(error is null or UnknownFormatException, $"{error}");
        }, iter: 2000);

    [Fact]
    public void Each_sample_without_one_of_its_bytes_reads_as_an_error_or_as_another_value()
    {
        // Neither an exception of another kind nor the same value: nothing is skipped in silence.
        foreach (var sample in Samples.Events.Where(sample => sample is not ExperimentStarted))
        {
            var bytes = AshaFormat.Events.Write(sample);
            for (var missing = 0; missing < bytes.Length; missing++)
            {
                var error = Record.Exception(() => AshaFormat.Events.Read([.. bytes[..missing], .. bytes[(missing + 1)..]], AshaFormat.ManifestOf(sample)));
                Assert.True(error is null or UnknownFormatException, $"{sample} without byte {missing}: {error}");
            }
        }
    }

    [Fact]
    public void A_metric_reads_back_bit_by_bit()
        => Gen.OneOf(Gen.Double, Gen.Double.Special, Gen.OneOfConst(-0.0, double.Epsilon, double.MaxValue, double.MinValue, 0.1 + 0.2)).Sample(metric =>
        {
            var back = (ReportAccepted)AshaFormat.Events.Read(AshaFormat.Events.Write(new ReportAccepted(TimeSpan.Zero, 0, 1, 1, metric)), "report-accepted.1");
            Assert.Equal(double.IsFinite(metric) ? BitConverter.DoubleToInt64Bits(metric) : BitConverter.DoubleToInt64Bits(double.NaN), BitConverter.DoubleToInt64Bits(back.Metric));
        }, iter: 5000);

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void What_is_not_finite_is_null_and_there(double metric)
        => Assert.Contains("\"metric\":null", Encoding.UTF8.GetString(AshaFormat.Events.Write(new ReportAccepted(TimeSpan.Zero, 0, 1, 1, metric))));

    [Fact]
    public void A_time_reads_back_to_the_tick()
        => Gen.Long[0, long.MaxValue].Sample(ticks =>
            AshaFormat.Events.Read(AshaFormat.Events.Write(new SlotLost(TimeSpan.FromTicks(ticks), 1)), "slot-lost.1").Equals(new SlotLost(TimeSpan.FromTicks(ticks), 1)), iter: 2000);

    [Fact]
    public void Parameter_values_keep_their_kind()
        => Gen.OneOf(
            Gen.Double.Where(double.IsFinite).Select(ParameterValue.Of), Gen.Int[-3, 3].Select(whole => ParameterValue.Of((double)whole)), Gen.Long.Select(ParameterValue.Of),
            Gen.String.Where(IsText).Select(ParameterValue.Of), Gen.OneOfConst("1", "1.0", "true", "null", "", "é\n\"\\").Select(ParameterValue.Of), Gen.Bool.Select(ParameterValue.Of)).Sample(value =>
        {
            var sampled = new TrialSampled(TimeSpan.Zero, 0, 0, new Configuration([new("x", value)]));
            var back = (TrialSampled)AshaFormat.Events.Read(AshaFormat.Events.Write(sampled), "trial-sampled.1");
            Assert.Equal(value, Assert.Single(back.Parameters.Values).Value);
        }, iter: 2000);

    [Fact]
    public void Any_text_makes_one_line()
        => Gen.String.Sample(text =>
        {
            var target = new ArrayBufferWriter<byte>();
            EventLines.Write(target, new ReportRejected(TimeSpan.Zero, 0, 1, text));
            Assert.Equal(target.WrittenCount - 1, target.WrittenSpan.IndexOf((byte)'\n'));
            var back = (ReportRejected)EventLines.Read(target.WrittenSpan[..^1]);
            if (IsText(text))
                Assert.Equal(text, back.Reason);
        }, iter: 2000);

    [Fact]
    public void Values_of_environment_variables_are_written_nowhere()
    {
        var spec = Samples.Spec with { Trial = Samples.Spec.Trial with { Env = new Dictionary<string, string> { ["API_KEY"] = "hunter2", ["B"] = "hunter2" } } };
        var started = new ExperimentStarted(TimeSpan.Zero, spec, Samples.Origin);
        var target = new ArrayBufferWriter<byte>();
        EventLines.Write(target, started);
        var line = Encoding.UTF8.GetString(target.WrittenSpan);
        Assert.Contains("\"env\":{\"API_KEY\":null,\"B\":null}", line);
        Assert.DoesNotContain("hunter2", line);
        Assert.DoesNotContain("hunter2", $"{started}");
        Assert.Equal(["API_KEY", "B"], ((ExperimentStarted)EventLines.Read(target.WrittenSpan[..^1])).Experiment.Trial.Env.Keys);
    }

    /// <summary>Coordinators are upgraded one after the other: who asks and who answers need not be of one version.</summary>
    [Fact]
    public void A_list_that_an_earlier_version_asks_for_or_tells_means_what_it_meant()
    {
        Assert.Equal("{}", Encoding.UTF8.GetString(Wire.Write(new ListExperiments())));
        Assert.Equal(new ListExperiments(), Wire.Read("{}"u8, "list-experiments.1"));
        var told = Assert.IsType<ExperimentList>(Wire.Read("""{"experiments":[{"run":"r","name":"n","phase":"over","submittedAt":"2026-11-26T00:00:00+00:00","weight":1,"outcome":"completed"}],"epoch":3,"where":"w"}"""u8, "experiment-list.1"));
        Assert.Equal((false, null, 0), (told.IsPage, told.Next, told.Experiments.Single().Opening));
        Assert.Null(Assert.IsType<JoinNode>(Wire.Read("""{"node":"a","slots":1}"""u8, "join-node.1")).Process);
    }

    private static bool IsText(string text) => !text.Any(char.IsSurrogate);

    /// <summary>Private fields and all; an actor by its address.</summary>
    private static string Told(object value) => value switch
    {
        GrantSlot grant => $"{grant with { Address = ActorRefs.Nobody }} {grant.Address.Path}",
        GrantSlots grants => string.Join(';', grants.Slots.Select(Told)),
        ListedExperiment { Host: { } host } listed => $"{listed with { Host = null }} {host.Path}",
        ListedNode node => $"{node.Node} {node.Slots} {node.IsDraining} {node.Link.Path}",
        ExperimentList list => $"{list.Epoch} {list.Where} {string.Join(';', list.Experiments.Select(Told))} {string.Join(';', list.Nodes!.Select(Told))} {list.IsPage} {list.Next} {list.Total}",
        _ => Dump.Of(value),
    };
}
