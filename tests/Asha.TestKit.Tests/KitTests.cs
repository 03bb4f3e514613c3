using System.Diagnostics;
using Akka.Actor;
using Asha.Core.Experiments;

namespace Asha.TestKit.Tests;

/// <summary>An actor system in virtual time, as any test of Akka.TestKit sees it (docs/decisions/016).</summary>
public sealed class KitTests : AshaTestKit
{
    private sealed class Echo : ReceiveActor
    {
        public Echo() => ReceiveAny(message => Sender.Tell(message));
    }

    private sealed class Alarm : ReceiveActor, IWithTimers
    {
        public Alarm(IActorRef to)
        {
            Receive<TimeSpan>(after => Timers.StartSingleTimer("alarm", "ring", after));
            Receive<string>(ring => to.Tell(ring));
        }

        public ITimerScheduler Timers { get; set; } = null!;
    }

    [Fact]
    public void What_is_told_is_done_when_tell_returns()
    {
        var echo = Sys.ActorOf(Props.Create(() => new Echo()));
        var probe = CreateTestProbe();
        probe.Send(echo, "there");
        Assert.True(probe.HasMessages);
        probe.ExpectMsg("there");
        Watch(echo);
        Sys.Stop(echo);
        ExpectTerminated(echo);
    }

    [Fact]
    public async Task Ask_is_answered_at_once() => Assert.Equal("there", await Sys.ActorOf(Props.Create(() => new Echo())).Ask<string>("there", TimeSpan.FromSeconds(5)));

    [Fact]
    public void What_does_not_come_is_not_waited_for()
    {
        var clock = Stopwatch.StartNew();
        ExpectNoMsg();
        Assert.ThrowsAny<Exception>(() => ExpectMsg<string>());
        // Two tenths of a second, however busy the machine; Akka.TestKit's own defaults would be 3 s each.
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"{clock.Elapsed}");
    }

    [Fact]
    public void Time_moves_when_a_run_does_and_the_tests_own_timers_with_it()
    {
        var alarm = Sys.ActorOf(Props.Create(() => new Alarm(TestActor)));
        alarm.Tell(TimeSpan.FromHours(2));
        var run = Start(Scenario.Asha().Resource(1, 1).SecondsPerUnit(3600).StopAfter(86_400));
        run.RunUntil(7199);
        ExpectNoMsg(TimeSpan.Zero);
        run.RunUntil(7200);
        ExpectMsg("ring");
        Assert.Equal(7200, run.Now);
        // A job of an hour each: the third begins then.
        Assert.Equal(3, run.Events.OfType<JobStarted>().Count());
        Assert.Throws<ArgumentOutOfRangeException>(() => run.RunUntil(7199));
    }

    [Fact]
    public async Task Whoever_tells_an_actor_runs_it()
    {
        var echo = Sys.ActorOf(Props.Create(() => new Echo()));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var number = 0; number < 1000; number++)
                echo.Tell(number, TestActor);
        })));
        Assert.Equal(4000, ReceiveWhile<object>(message => message, idle: TimeSpan.FromMilliseconds(100), msgs: 10_000).Count);
    }

    [Fact]
    public void A_run_goes_on_until_an_event()
    {
        var run = Start(Scenario.Asha(4).Resource(1, 4));
        // Four trials of a second; with the fourth result the best one goes on.
        var promoted = run.RunUntilNext<TrialPromoted>();
        Assert.Equal((0, 4.0), (promoted.Trial, run.Now));
        Assert.Equal(0, run.RunUntilNext<JobCompleted>(done => done.Rung == 1).Trial);
        Assert.Equal(7, run.Now);
        Assert.Contains("There was no TrialPromoted", Assert.Throws<Xunit.Sdk.XunitException>(() => run.RunUntilNext<TrialPromoted>()).Message);
    }

    [Fact]
    public void One_run_after_the_other_each_from_its_own_time_0()
    {
        var first = Start(Scenario.Sha(64).Slots(10)).RunUntil(20);
        var second = Run(Scenario.Sha(64).Slots(10));
        second.AssertEnd(73);
        Assert.Equal(second.Events.Take(first.Events.Count).Select(happened => happened.ToString()), first.Events.Select(happened => happened.ToString()));
        Assert.False(first.IsOver);
        Assert.Contains("was left", Assert.Throws<InvalidOperationException>(() => first.RunToEnd()).Message);
    }

    [Fact]
    public async Task A_test_may_await_before_its_run()
    {
        await Task.Delay(1);
        Run(Scenario.Sha(64).Slots(10)).AssertEnd(73);
    }

    [Fact]
    public void A_message_of_the_tests_own_function_that_throws_ends_the_run_and_says_so()
        => Assert.Contains("no curve for 2", Assert.ThrowsAny<Exception>(() => Run(Scenario.Sha(4).Resource(1, 4).Metrics((trial, _) => trial == 2 ? throw new InvalidOperationException("no curve for 2") : trial))).ToString());

    [Fact]
    public void A_run_that_could_not_start_is_not_in_the_way_of_the_next()
    {
        var scenario = Scenario.Sha(64).Slots(10);
        Assert.Throws<InvalidOperationException>(() => Start(scenario.Lengths(_ => throw new InvalidOperationException("no length"))));
        Run(scenario).AssertEnd(73);
    }

    [Fact]
    public void A_run_cannot_be_moved_from_inside_itself()
    {
        ScenarioRun? run = null;
        run = Start(Scenario.Sha(4).Resource(1, 4).Metrics((trial, _) => trial == 0 ? 0 : run!.RunToEnd().Now));
        Assert.Contains("from inside itself", Assert.Throws<InvalidOperationException>(() => run.RunToEnd()).Message);
    }

    [Fact]
    public void A_timer_of_the_test_that_rings_for_ever_ends_no_run()
    {
        Sys.Scheduler.ScheduleTellRepeatedly(TimeSpan.Zero, TimeSpan.FromMilliseconds(1), TestActor, "tick", ActorRefs.NoSender);
        // A job of 5 s, and 5,000 ticks and one meanwhile, that of time 0 included and that of the end, which comes after it, not.
        Run(Scenario.Sha(1).Resource(5, 5)).AssertEnd(5);
        Assert.Equal(5000, ReceiveWhile<object>(message => message, idle: TimeSpan.Zero, msgs: 10_000).Count);
    }

    [Fact]
    public void It_does_not_know_the_host() => Assert.DoesNotContain(typeof(AshaTestKit).Assembly.GetReferencedAssemblies(), name => name.Name is "asha" or "Asha.Host" or "Asha.Tuning");
}
