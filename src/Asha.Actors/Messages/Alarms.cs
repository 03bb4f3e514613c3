using Akka.Actor;

namespace Asha.Actors.Messages;

/// <summary>An experiment's own alarm: the time to stop has come.</summary>
internal sealed class TimeIsUp : INoSerializationVerificationNeeded
{
    public static readonly TimeIsUp Now = new();
}

/// <summary>An experiment's own alarm: what nodes have not answered to is told again.</summary>
internal sealed class ResendJobs : INoSerializationVerificationNeeded
{
    public static readonly ResendJobs Now = new();
}

/// <summary>An experiment's own alarm: the supervisor is told how the slots stand.</summary>
internal sealed class HoldAgain : INoSerializationVerificationNeeded
{
    public static readonly HoldAgain Now = new();
}

/// <summary>An experiment's own alarm: the first back-off has ended.</summary>
internal sealed class RetryIsDue : INoSerializationVerificationNeeded
{
    public static readonly RetryIsDue Now = new();
}
