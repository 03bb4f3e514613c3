using Akka.Actor;
using Akka.Cluster;

namespace Asha.Cluster.Settings;

/// <summary>Tells how many members are up, each time that it changes.</summary>
/// <param name="coordinators">So many there ought to be.</param>
/// <param name="say">Told so, in a few words.</param>
internal sealed class MemberCount(int coordinators, Action<string> say) : UntypedActor
{
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly MemberBook _members = new();
    private string _said = "";

    public static Props Props(int coordinators, Action<string> say) => Akka.Actor.Props.Create(() => new MemberCount(coordinators, say));

    protected override void PreStart()
    {
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, MemberBook.Events);
        Tell();
    }

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        if (!_members.Take(message))
        {
            Unhandled(message);
            return;
        }
        Tell();
    }

    private void Tell()
    {
        var up = _members.Up.ToArray();
        var nodes = up.Count(member => member.HasRole(ClusterConfig.Node));
        var words = $"{up.Count(member => member.HasRole(ClusterConfig.Coordinator))} of {coordinators} coordinators up, {nodes} node{(nodes == 1 ? "" : "s")}";
        if (words == _said)
            return;
        _said = words;
        say(words);
    }
}
