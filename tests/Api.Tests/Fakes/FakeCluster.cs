using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;

namespace Streams.Api.Tests;

/// <summary>State of the fake grains: their answers, and the calls that they received. A test uses a stream id of its own.</summary>
internal static class FakeCluster
{
    private static int s_received;

    /// <summary>Every event that reached a grain.</summary>
    public static ConcurrentDictionary<string, ConcurrentQueue<SourceEvent>> Events { get; } = new();

    /// <summary>What the grain of a stream does with an event; without an entry it applies it.</summary>
    public static ConcurrentDictionary<string, Func<SourceEvent, Task<EventReceipt>>> Takes { get; } = new();

    /// <summary>What the grain of a stream says its status is; without an entry there is no such stream.</summary>
    public static ConcurrentDictionary<string, Func<Task<StreamStatus?>>> Statuses { get; } = new();

    /// <summary>The orders that reached a stream's grain; its status stays what <see cref="Statuses"/> says.</summary>
    public static ConcurrentDictionary<string, ConcurrentQueue<(string Order, CallOrigin Origin)>> Orders { get; } = new();

    /// <summary>Whether a key is that of a stream's present run; without an entry none is.</summary>
    public static ConcurrentDictionary<string, Func<string, Task<bool>>> RunKeys { get; } = new();

    /// <summary>The standbys that step in, by stream: the number and the key of each.</summary>
    public static ConcurrentDictionary<string, (long Generation, string Key)> StandbyKeys { get; } = new();

    /// <summary>Why a stream's grain refuses an order; without an entry it obeys.</summary>
    public static ConcurrentDictionary<string, string> Refusals { get; } = new();

    /// <summary>What a stream's grain answers to an order, whatever its status is; without an entry it is made of <see cref="Statuses"/> and <see cref="Refusals"/>.</summary>
    public static ConcurrentDictionary<string, CommandReceipt> Receipts { get; } = new();

    /// <summary>Ends when lookups of ids that are stuck go on.</summary>
    public static TaskCompletionSource Lookups { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How many of those were begun.</summary>
    public static int StuckLookups;

    /// <summary>The streams whose grains were activated.</summary>
    public static ConcurrentDictionary<string, bool> Activated { get; } = new();

    /// <summary>What happens, a page each; for the API process of <see cref="ApiFixture"/>.</summary>
    public static Channel<ImmutableArray<FeedItem>> Feed { get; } = Channel.CreateUnbounded<ImmutableArray<FeedItem>>();

    /// <summary>The life of the feed; a new one begins it anew with <see cref="FeedStart"/>.</summary>
    public static Guid FeedEpoch { get; set; } = Guid.NewGuid();

    /// <summary>What is when the feed begins.</summary>
    public static ImmutableArray<FeedItem> FeedStart { get; set; } = [];

    /// <summary>Answers to drains, by the silo's name.</summary>
    public static ConcurrentDictionary<string, DrainReceipt> Drains { get; } = new();

    /// <summary>What the silos say of themselves.</summary>
    public static ImmutableArray<SiloReport> Silos { get; set; } = [];

    /// <summary>How the media server is.</summary>
    public static MediaNodeStatus Node { get; set; } = new() { Name = MediaNodeNames.Default, IsReachable = true };

    /// <summary>How each of several media servers is; without an entry it is as <see cref="Node"/> says.</summary>
    public static ConcurrentDictionary<string, MediaNodeStatus> Nodes { get; } = new();

    /// <summary>What happened to a stream; without an entry there is no such stream.</summary>
    public static ConcurrentDictionary<string, StreamHistory> Histories { get; } = new();

    /// <summary>Returns when the store's state may be told.</summary>
    public static Func<Task> Store { get; set; } = static () => Task.CompletedTask;

    /// <summary>Why the store cannot be used; null while it can.</summary>
    public static string? StoreProblem { get; set; }

    /// <summary>The known streams.</summary>
    public static Func<Task<ImmutableArray<StreamEntry>>> List { get; set; } = NoStreams;

    /// <summary>How many events have reached any grain.</summary>
    public static int Received => Volatile.Read(ref s_received);

    public static Task<ImmutableArray<StreamEntry>> NoStreams() => Task.FromResult(ImmutableArray<StreamEntry>.Empty);

    public static string NewStream() => "s-" + Guid.NewGuid().ToString("N");

    public static Task<EventReceipt> Receive(string stream, SourceEvent sourceEvent)
    {
        Interlocked.Increment(ref s_received);
        Events.GetOrAdd(stream, static _ => new()).Enqueue(sourceEvent);
        return Takes.TryGetValue(stream, out Func<SourceEvent, Task<EventReceipt>>? take)
            ? take(sourceEvent)
            : Task.FromResult(new EventReceipt(sourceEvent.Path.StreamId, EventOutcome.Applied, StreamPhase.Starting, 1));
    }
}
