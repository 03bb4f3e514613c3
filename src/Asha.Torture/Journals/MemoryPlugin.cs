using Akka.Actor;
using Akka.Configuration;

namespace Asha.Torture.Journals;

/// <summary>The store that an actor system's journals are in; another may take its place when no journal of the one before runs any more.</summary>
public sealed class MemoryPlugin : IExtension
{
    private sealed class Provider : ExtensionIdProvider<MemoryPlugin>
    {
        public static readonly Provider Instance = new();

        public override MemoryPlugin CreateExtension(ExtendedActorSystem system) => new();
    }

    /// <summary>Settings with which an actor system keeps its journals in a <see cref="MemoryStore"/>.</summary>
    public static readonly Config Settings = ConfigurationFactory.ParseString($$"""
        akka.persistence {
          journal {
            plugin = "akka.persistence.journal.torture"
            torture {
              class = "{{typeof(MemoryJournal).FullName}}, {{typeof(MemoryJournal).Assembly.GetName().Name}}"
              plugin-dispatcher = "akka.actor.default-dispatcher"
              # Longer than any deed: a database that is slow is waited for.
              recovery-event-timeout = 1d
            }
          }
          snapshot-store {
            plugin = "akka.persistence.snapshot-store.torture"
            torture {
              class = "{{typeof(MemorySnapshots).FullName}}, {{typeof(MemorySnapshots).Assembly.GetName().Name}}"
              plugin-dispatcher = "akka.actor.default-dispatcher"
            }
          }
        }
        """);

    public MemoryStore Store { get; set; } = new();

    public static MemoryPlugin Of(ActorSystem system) => Provider.Instance.Apply(system);
}
