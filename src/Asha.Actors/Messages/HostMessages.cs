using Akka.Actor;

namespace Asha.Actors.Messages;

/// <summary>Host to node: end all trials, then stop.</summary>
public sealed class ShutDownNode : INoSerializationVerificationNeeded
{
    public static readonly ShutDownNode Now = new();
}

/// <summary>Host to node: take no more jobs, finish those that you have, then stop.</summary>
public sealed class DrainNode : INoSerializationVerificationNeeded
{
    public static readonly DrainNode Now = new();
}

/// <summary>Host to node: you did not answer for a while, and your slots were given up. Join again, and say what runs on you: it may go on.</summary>
public sealed class JoinAgain : INoSerializationVerificationNeeded
{
    public static readonly JoinAgain Now = new();
}

/// <summary>Host to node: the coordinator is gone, and with it the experiments that it ran. Join the next one, and say what runs on you: whoever goes on with these experiments says what becomes of it.</summary>
public sealed record JoinNext(IActorRef Supervisor) : INoSerializationVerificationNeeded;
