using System.Diagnostics;
using Akka.Actor;
using Akka.Cluster;
using Asha.Cluster.Settings;

namespace Asha.Cluster.Coordinators;

/// <summary>
/// Brings a coordinator into a cluster: joins the others, and founds one where <see cref="FoundingRule"/> says so. It asks each coordinator that is not in its own cluster how it stands, with Akka's own question whether an actor is there:
/// this one's children <c>member</c> and <c>up</c> say so.
/// </summary>
/// <param name="settings">The coordinators.</param>
/// <param name="say">Tells people whom it waits for.</param>
/// <param name="anew">Has this member begin anew, with the reason.</param>
internal sealed class Founding(CoordinatorSettings settings, Action<string> say, Action<string> anew) : UntypedActor, IWithTimers
{
    private sealed class Look : INoSerializationVerificationNeeded
    {
        public static readonly Look Now = new();
    }

    private sealed class Mark : UntypedActor
    {
        protected override void OnReceive(object message) => Unhandled(message);
    }

    public const string Name = "founding";

    private const string There = "there", Member = "member", Up = "up";

    /// <summary>A member at work asks at every 20th look alone: connections to who is away for days are tried each time.</summary>
    private const int Seldom = 20;

    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(500), _silence = TimeSpan.FromMilliseconds(2500), _patience = TimeSpan.FromSeconds(5);

    private sealed class Other(Address address)
    {
        public Address Address => address;

        /// <summary>When it has last said that it is there, and that it is in a cluster; 0: never. That something is not there is no answer: Akka gives it itself where nobody can be reached.</summary>
        public long Answered { get; set; }

        public long Member { get; set; }

        /// <summary>How often it said in a row that it is at work elsewhere.</summary>
        public int Ups { get; set; }
    }

    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly Other[] _all = [.. settings.Join.Select(coordinator => new Other(Address.Parse(ClusterConfig.Address(settings, coordinator))))];
    private readonly int _self = settings.Join.TakeWhile(coordinator => coordinator != settings.Listen).Count();
    private Standing[] _seen = [];
    private long _since = Stopwatch.GetTimestamp();
    private bool _isMember, _isUp, _isSaid;
    private int _looks;

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(CoordinatorSettings settings, Action<string> say, Action<string> anew) => Akka.Actor.Props.Create(() => new Founding(settings, say, anew));

    protected override void PreStart()
    {
        Address[] others = [.. _all.Where((_, index) => index != _self).Select(other => other.Address)];
        if (others.Length > 0)
            _cluster.JoinSeedNodes(others);
        Self.Tell(Look.Now);
        Timers.StartPeriodicTimer(Look.Now, Look.Now, _interval);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Look:
                Stand();
                if (_isUp && _looks++ % Seldom != 0)
                    return;
                Ask();
                Decide();
                break;
            case ActorIdentity { MessageId: string question } answer when question.Split(' ') is [var kind, var number] && int.TryParse(number, out var index) && index >= 0 && index < _all.Length:
                Hear(_all[index], kind, answer.Subject is not null);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>How this one stands itself, and lets the others know.</summary>
    private void Stand()
    {
        var own = _cluster.State.Members.FirstOrDefault(member => member.UniqueAddress.Equals(_cluster.SelfUniqueAddress))?.Status;
        if (own is not null && !_isMember)
        {
            _isMember = true;
            Context.ActorOf(Akka.Actor.Props.Create(() => new Mark()), Member);
        }
        if (own is MemberStatus.Up && !_isUp)
        {
            _isUp = true;
            foreach (var other in _all)
                other.Ups = 0;
            Context.ActorOf(Akka.Actor.Props.Create(() => new Mark()), Up);
        }
    }

    private IEnumerable<int> Own()
    {
        var members = _cluster.State.Members.Select(member => member.Address).ToHashSet();
        return Enumerable.Range(0, _all.Length).Where(index => index == _self || members.Contains(_all[index].Address));
    }

    private void Ask()
    {
        foreach (var index in Enumerable.Range(0, _all.Length).Except(Own()))
        {
            foreach (var kind in new[] { There, Member, Up })
                Context.ActorSelection($"{_all[index].Address}/user/{Name}{(kind == There ? "" : $"/{kind}")}").Tell(new Identify($"{kind} {index}"));
        }
    }

    private static void Hear(Other other, string kind, bool isSo)
    {
        if (kind == Up)
            other.Ups = isSo ? other.Ups + 1 : 0;
        else if (isSo && kind == Member)
            other.Member = Stopwatch.GetTimestamp();
        else if (isSo)
            other.Answered = Stopwatch.GetTimestamp();
    }

    private static bool IsRecent(long at) => at != 0 && Stopwatch.GetElapsedTime(at) <= _silence;

    private void Decide()
    {
        var own = Own().ToArray();
        foreach (var index in own)
            _all[index].Ups = 0;
        if (_isMember)
        {
            // Each of them has said so several times: for 2 s where this one is not at work, for 20 s where it is.
            var elsewhere = Enumerable.Range(0, _all.Length).Except(own).Where(index => _all[index].Ups >= (_isUp ? 3 : 4) && FoundingRule.GivesWay(_isUp, own, index)).ToArray();
            if (elsewhere.Length > 0)
                anew($"{settings.Join[elsewhere[0]]} is in another cluster, which is at work");
            return;
        }
        Standing[] seen = [.. _all.Select((other, index) => index == _self ? Standing.Alone
            : !IsRecent(other.Answered) ? Standing.Silent : other.Ups > 0 ? Standing.Up : IsRecent(other.Member) ? Standing.Joining : Standing.Alone)];
        if (!seen.SequenceEqual(_seen))
            (_seen, _since, _isSaid) = (seen, Stopwatch.GetTimestamp(), false);
        if (FoundingRule.Founds(seen, _self, settings.Majority, Stopwatch.GetElapsedTime(_since)))
            _cluster.Join(_cluster.SelfAddress);
        else if (!_isSaid && Stopwatch.GetElapsedTime(_since) > _patience && seen.Contains(Standing.Silent))
            SayWhoIsMissing(seen);
    }

    private void SayWhoIsMissing(Standing[] seen)
    {
        _isSaid = true;
        var missing = settings.Join.Where((_, index) => seen[index] == Standing.Silent);
        say($"waiting: {seen.Count(one => one != Standing.Silent)} of {seen.Length} coordinators can be reached, {settings.Majority} have to be there; no answer from {string.Join(", ", missing)}");
    }
}
