using Asha.Actors.Messages;
using Asha.Core.Experiments;
using Asha.Torture.Invariants;

namespace Asha.Torture.Tests.Invariants;

/// <summary>What nodes are told rests on the journal; what they have said counts once.</summary>
public sealed class AcknowledgementLawsTests
{
    private static readonly ReportStored First = new(0, 1, 0);

    [Fact]
    public void What_is_acknowledged_is_durable_then_and_later()
    {
        var law = new NothingAcknowledgedIsLost();
        var history = new History(law).Join().Sample(0).Start(0).Accept(0, 1, .5);
        law.Acknowledged(history.Now, First);
        history.Complete(0, .5);
        law.Acknowledged(history.Now, new ReportStored(0, 1, 7)); // Its attempt is over: whatever comes of it changes nothing.
        law.Crashed(history.Now, history.Events, history.State);
        Assert.Equal(4, law.Evaluated);
    }

    [Fact]
    public void An_acknowledgement_before_its_entry_breaks_the_law()
    {
        var law = new NothingAcknowledgedIsLost();
        var history = new History(law).Join().Sample(0).Start(0);
        History.Breaks("attempt 1, which runs, and of it the messages before 0", () => law.Acknowledged(history.Now, First));
        History.Breaks("no such trial", () => law.Acknowledged(history.Now, new ReportStored(5, 1, 0)));
        History.Breaks("attempt 1, which runs", () => law.Acknowledged(history.Now, new ReportStored(0, 2, 0)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_journal_that_has_lost_what_was_acknowledged_breaks_the_law(int lost)
    {
        var law = new NothingAcknowledgedIsLost();
        var history = new History(law).Join().Sample(0).Start(0).Accept(0, 1, .5).Complete(0, .5);
        law.Acknowledged(history.Now, First);
        History.Breaks("had been acknowledged", () => law.Crashed(history.Now, [.. history.Events.SkipLast(lost)], history.State));
    }

    [Fact]
    public void A_result_counts_once_and_as_it_was_reported()
    {
        var law = new ResultsCountOnce();
        new History(law).Join(2).Sample(0).Run(0, .5).Promote(0).Start(0, rung: 1, attempt: 2).Accept(0, 1.5, .4).Accept(0, 2, double.NaN, message: 1).Complete(0, double.NaN)
            .Sample(1).Start(1).Fail(1).Start(1, attempt: 2).Fail(1, last: true);
        Assert.True(law.Evaluated > 10);
    }

    [Fact]
    public void Whatever_counts_twice_or_was_never_said_breaks_the_law()
    {
        History At() => new History(new ResultsCountOnce()).Join(2).Sample(0).Start(0);
        History.Breaks("with resource 1 counts after message 0 with 1, the result", () => At().Accept(0, 1, .5).Accept(0, 1, .5, message: 1));
        History.Breaks("counts after message 3 with 0.5", () => At().Accept(0, .5, .5, message: 3).Accept(0, 1, .5, message: 2));
        History.Breaks("which never came", () => At().Accept(0, 1, .5, arrives: false));
        History.Breaks("it had reported 0.5 at 1", () => At().Accept(0, 1, .5).Complete(0, .25));
        History.Breaks("it had reported none", () => At().Complete(0, .5));
        History.Breaks("no attempt runs", () => At().Accept(0, 1, .5).Complete(0, .5).Lose(0));
        History.Breaks("a second result in rung 0", () => At().Accept(0, 1, .5).Complete(0, .5).Start(0, attempt: 2).Accept(0, 1, .5).Complete(0, .5));
        History.Breaks("a second result in rung 0", () => At().Accept(0, 1, .5).Complete(0, .5).Start(0, attempt: 2).Fail(0, last: true));
        History.Breaks("and had its result", () => At().Accept(0, 1, .5).Fail(0));
        History.Breaks("attempt 1 runs on slot 0", () => At().Add(new JobCut(TimeSpan.FromSeconds(9), 0, 0, 0, 1, 1)));
    }

    [Fact]
    public void What_a_trial_reported_as_its_result_counts()
    {
        var job = new StartJob(0, 0, 1, "", 1, Asha.Core.Spaces.Configuration.Empty, 0, 1);
        (History History, ReportedResultsCount Law) After(params TrialReport[] reports)
        {
            var law = new ReportedResultsCount();
            var history = new History(law).Join().Sample(0).Start(0);
            foreach (var report in reports)
                law.Reported(history.Now, default, job, report);
            return (history, law);
        }

        After(new TrialReport(1, .5), new TrialReport(2, .1)).History.Accept(0, 1, .5).Complete(0, .5);
        After(new TrialReport(.9, .5), TrialReport.Rejected("no number")).History.Fail(0);
        After(new TrialReport(1, .5)).History.Lose(0).Start(0, attempt: 2).Fail(0);
        // One that went on had reported its result before it was said that it might.
        var goesOn = After();
        goesOn.Law.Reported(goesOn.History.Now, default, job with { GoesOn = true }, new TrialReport(3, .5));
        goesOn.History.Accept(0, 1, .4).Complete(0, .4);
        History.Breaks("its trial had reported 0.5 at 1", () => After(new TrialReport(1, .5)).History.Fail(0, cause: "no-result"));
        History.Breaks("was lost (stopped), and its trial had reported 0.5 at 1", () => After(new TrialReport(1, .5)).History.Lose(0, "stopped"));
        History.Breaks("and 0.1 at 1 counts", () => After(new TrialReport(1, .5), new TrialReport(2, .1)).History.Accept(0, 1, .1).Complete(0, .1));
    }
}
