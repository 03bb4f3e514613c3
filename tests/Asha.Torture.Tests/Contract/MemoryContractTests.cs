using Akka.Actor;
using Asha.Actors;
using Asha.Torture.Journals;

namespace Asha.Torture.Tests.Contract;

/// <summary>The torture's own journal.</summary>
public sealed class MemoryContractTests : JournalContract
{
    protected override JournalSubject Make() => new Subject();

    private sealed class Subject : JournalSubject
    {
        /// <summary>What is asked for waits its turn, as it does for a disk.</summary>
        private static readonly TimeSpan _aWhile = TimeSpan.FromMilliseconds(1);

        private readonly MemoryStore _store = new() { Fate = _ => new StoreFate(_aWhile) };

        public override void Refuse() => _store.Fate = deed => new StoreFate(_aWhile, deed == StoreDeed.Write ? "the disk is full" : null);

        public override void Accept() => _store.Fate = _ => new StoreFate(_aWhile);

        public override void Alter(string id, long number, string manifest) => _store.Put(_store.Entries(id).Single(entry => entry.Number == number) with { Manifest = manifest });

        public override void AlterSnapshot(string id, long number, string manifest) => _store.Save(_store.Snapshots(id).Single(snapshot => snapshot.Number == number) with { Manifest = manifest });

        /// <summary>Of the request under way it is said from outside whether it is durable; those behind it never are.</summary>
        public override async IAsyncEnumerable<AfterCrash> Crash(string id, int size)
        {
            foreach (var (acknowledged, isDurable) in new[] { (0, false), (0, true), (3, false), (3, true) })
            {
                var (own, system) = ($"{id}-{acknowledged}-{isDurable}", Open());
                var client = new JournalClient(system);
                for (var request = 0; request < acknowledged; request++)
                    Assert.True(client.Write(own, Requested(request, size)));
                using var begun = new ManualResetEventSlim();
                _store.Fate = _ =>
                {
                    begun.Set();
                    return new StoreFate(TimeSpan.FromHours(1));
                };
                client.Ask(own, Requested(acknowledged, size));
                client.Ask(own, Requested(acknowledged + 1, size));
                Assert.True(begun.Wait(JournalClient.Patience));
                await Close(system);
                _store.Crash(_ => isDurable);
                _store.Restart();
                Accept();
                Assert.Equal(acknowledged + (isDurable ? 1 : 0), _store.Entries(own).Count / size);
                yield return new AfterCrash(acknowledged, [.. _store.Entries(own).Select(entry => entry.Number)]);
            }
        }

        protected override ActorSystem Create()
        {
            var system = ActorSystem.Create("asha", MemoryPlugin.Settings.WithFallback(AshaActors.Configuration()));
            MemoryPlugin.Of(system).Store = _store;
            return system;
        }
    }

    internal static long[] Requested(int request, int size) => [.. Enumerable.Range(request * size + 1, size).Select(number => (long)number)];
}
