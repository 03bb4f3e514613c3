namespace Asha.Actors.Replay;

/// <summary>The next facts of a recording, as the message that brought them.</summary>
/// <param name="Message">What the experiment is told, by others or by an alarm of its own.</param>
/// <param name="Recalls">Slots that the supervisor wants back as soon as this message has made them idle.</param>
internal readonly record struct RecordedCommand(object Message, IReadOnlyList<int> Recalls);
