using System.Text.Json;
using Asha.Cluster.Logs;
using Asha.Cluster.Settings;
using Asha.Cluster.Tests.Harness;
using Asha.Host.ClusterSettings;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Asha.Cluster.Tests;

/// <summary>How an event of a member's log is written, and which are.</summary>
public sealed class LogLinesTests
{
    private const string Secret = "pass\"word\\of-the-database";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_secret_is_crossed_out_wherever_it_stands(bool isJson)
    {
        var line = Line(isJson, log => log.Error(new InvalidOperationException($"28P01: {Secret} is wrong"), "It is {Password}, " + Secret.Replace("{", "{{", StringComparison.Ordinal), Secret));
        Assert.DoesNotContain("of-the-database", line, StringComparison.Ordinal);
        Assert.Equal(isJson ? 4 : 3, line.Split("***").Length - 1); // In JSON the property, too.
        if (isJson)
            Assert.Equal("It is ***, ***", JsonLog.Read(line).Single().Words());
    }

    [Fact]
    public void A_message_is_in_words_and_events_of_one_kind_have_one_number()
    {
        var first = JsonLog.Read(Line(true, log => log.Warning("{Experiment}: trial {Trial} failed", "digits\n1", 3))).Single();
        Assert.Equal(("digits\n1: trial 3 failed", "digits\n1", 3), (first.Words(), first.GetProperty("Experiment").GetString(), first.GetProperty("Trial").GetInt32()));
        Assert.Equal(JsonValueKind.String, first.GetProperty("@i").ValueKind);
        Assert.Equal(first.GetProperty("@i").GetString(), JsonLog.Read(Line(true, log => log.Warning("{Experiment}: trial {Trial} failed", "other", 4))).Single().GetProperty("@i").GetString());
    }

    [Fact]
    public void Text_is_for_people_and_moves_no_cursor()
    {
        var line = Line(false, log => log.Warning("{Experiment}: \e[2J", "digits"));
        Assert.EndsWith(" [WRN] digits: �[2J\n", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LogLevel.Trace, LogLevel.Debug)]
    [InlineData(LogLevel.Debug, LogLevel.Information)]
    [InlineData(LogLevel.Information, LogLevel.Warning)]
    [InlineData(LogLevel.Warning, LogLevel.Warning)]
    [InlineData(LogLevel.Error, LogLevel.Error)]
    public void What_is_Akkas_own_is_wanted_from_the_next_level_on(LogLevel asked, LogLevel ofAkka) => Assert.Equal(ofAkka, new LogSettings { Level = asked }.OthersLevel);

    [Theory]
    [InlineData("akka.tcp://asha@127.0.0.1:7600/system/sharding/experiments/12/digits-20261126-052530/experiment/journal-1", "digits-20261126-052530")]
    [InlineData("akka://asha/system/sharding/experiments/12/digits-1#4711", "digits-1")]
    [InlineData("akka://asha/system/sharding/experiments/12", null)]
    [InlineData("akka://asha/user/members", null)]
    public void The_actors_of_a_run_are_known_by_their_path(string source, string? run) => Assert.Equal(run, MemberLogger.RunOf(source));

    [Fact]
    public void A_node_has_a_token_too_that_must_not_be_in_its_log()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "a-token-of-metrics\n");
        Assert.Equal(["a-token-of-metrics"], LogSecrets.Of(new NodeSettings { Listen = new HostPort("127.0.0.1", 0), Join = [], Data = "/data", Name = "n", Slots = 1, Cpus = 1, TokenFile = file }));
        File.Delete(file);
    }

    private static string Line(bool isJson, Action<Logger> write)
    {
        var sink = new Lines(new LogLines(isJson, [Secret]));
        using (var log = new LoggerConfiguration().WriteTo.Sink(sink).CreateLogger())
            write(log);
        return sink.Text.ToString();
    }

    private sealed class Lines(LogLines format) : ILogEventSink
    {
        public StringWriter Text { get; } = new();

        public void Emit(LogEvent logEvent) => format.Format(logEvent, Text);
    }
}
