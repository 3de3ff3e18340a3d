using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Net;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Orleans.Runtime;
using Streams.Grains.Hosts;
using Streams.Testing;
using Xunit;

namespace Streams.Grains.Tests.Feed;

public sealed class FeedOutboxTests : IAsyncLifetime
{
    private static readonly StreamId Stream = StreamId.Parse("demo");

    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Warnings _warnings = new();
    private readonly FeedOutbox _outbox;
    private volatile int _failures;
    private volatile int _published;
    private volatile bool _hangs;
    private volatile bool _isWatched;
    private ImmutableArray<string> _handed = [];
    private Guid _epoch = Guid.NewGuid();

    public FeedOutboxTests()
    {
        IFeedGrain feed = Stub<IFeedGrain>(arguments => Publish((FeedBatch)arguments[0]!));
        SiloReporter reporter = new(
            new OneSilo(), new StartGate(1, 1), new DrainState(), new SiloZone(""),
            Options.Create(new WorkerOptions()), _time);
        LiveStreams live = new(_services.GetRequiredService<IMeterFactory>(), _time);
        _outbox = new FeedOutbox(Stub<IGrainFactory>(_ => feed), live, reporter, _time, _warnings);
    }

    public async ValueTask InitializeAsync() => await _outbox.StartAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _outbox.StopAsync(CancellationToken.None);
        _outbox.Dispose();
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task What_is_told_together_is_handed_over_together()
    {
        Tell(Stream, "one");
        Tell(StreamId.Parse("other"), "two");
        Tell(Stream, "three");
        Assert.Equal(["demo: one three", "other: two"], await Handed());
    }

    [Fact]
    public async Task What_could_not_be_handed_over_is_handed_over_again_before_what_is_newer()
    {
        _failures = 2;
        Tell(Stream, "old");
        await Until(() => _failures == 1);
        Tell(Stream, "new");
        Assert.Equal(["demo: old new"], await Handed());
        Assert.Equal(2, _warnings.Count);
    }

    /// <summary>A call that never comes back must not be the last one.</summary>
    [Fact]
    public async Task A_hand_over_that_hangs_is_given_up()
    {
        _hangs = true;
        Tell(Stream, "word");
        await Until(() => _warnings.Count == 1);
        _hangs = false;
        Assert.Equal(["demo: word"], await Handed());
    }

    [Fact]
    public async Task A_feed_that_begins_anew_is_told_what_every_stream_is()
    {
        StreamStatus status = new() { StreamId = Stream, Order = StreamOrder.Run, Phase = StreamPhase.Running, Since = default, Generation = 1, Profile = "p" };
        _outbox.Report(status);
        Assert.Equal(["demo: Running"], await Handed());
        _handed = [];
        _epoch = Guid.NewGuid();
        Assert.Equal(["demo: Running"], await Handed());
    }

    [Fact]
    public async Task Reports_that_nobody_looks_at_wait_for_the_second_to_be_over()
    {
        await Until(() => _published > 0);
        DateTimeOffset told = _time.GetUtcNow();
        _outbox.Receive(Stream, 1, new WorkerProgress { Frames = 7 });
        await Until(() => _time.GetUtcNow() - told >= TimeSpan.FromMilliseconds(600));
        Assert.Empty(_handed);
        Assert.Equal(["demo: 7"], await Handed());
    }

    [Fact]
    public async Task Reports_that_somebody_looks_at_go_out_at_once()
    {
        _isWatched = true;
        await Until(() => _published > 1); // From the answer to the first on it knows.
        _outbox.Receive(Stream, 1, new WorkerProgress { Frames = 7 });
        DateTimeOffset told = _time.GetUtcNow();
        Assert.Equal(["demo: 7"], await Until(() => _handed, static handed => !handed.IsEmpty, TimeSpan.FromMilliseconds(1)));
        Assert.InRange(_time.GetUtcNow() - told, TimeSpan.Zero, TimeSpan.FromMilliseconds(900));
    }

    private void Tell(StreamId id, string word) => _outbox.Report(id, new HistoryEntry(default, word, EventOutcome.Applied, StreamPhase.Offline, 1));

    private Task<FeedWish> Publish(FeedBatch batch)
    {
        _published++;
        if (batch.Items.IsEmpty)
        {
            return Task.FromResult(new FeedWish(_epoch, _isWatched));
        }

        if (_hangs)
        {
            return new TaskCompletionSource<FeedWish>().Task;
        }

        if (_failures > 0)
        {
            _failures--;
            throw new InvalidOperationException("away");
        }

        _handed = [.. _handed, .. batch.Items.GroupBy(static item => item.StreamId, static item => item.Entry?.What ?? (item.Progress is { } progress ? $"{progress.Frames}" : $"{item.Status?.Phase}")).Select(static stream => $"{stream.Key}: {string.Join(' ', stream)}")];
        return Task.FromResult(new FeedWish(_epoch, _isWatched));
    }

    private Task<ImmutableArray<string>> Handed() => Until(() => _handed, static handed => !handed.IsEmpty);

    private Task<bool> Until(Func<bool> condition) => Until(condition, static isTrue => isTrue);

    /// <summary>Lets time go on until it is so.</summary>
    private Task<T> Until<T>(Func<T> ask, Func<T, bool> accept, TimeSpan? step = null) => Eventually.Get(
        () =>
        {
            _time.Advance(step ?? TimeSpan.FromMilliseconds(200));
            return ask();
        },
        accept,
        "the outbox gets on");

    private static T Stub<T>(Func<object?[], object?> answer)
        where T : class
    {
        T made = DispatchProxy.Create<T, OneAnswer>();
        ((OneAnswer)(object)made).Answer = answer;
        return made;
    }

    private sealed class OneSilo : ILocalSiloDetails
    {
        public string Name => "silo-1";

        public string ClusterId => "streams";

        public string DnsHostName => "localhost";

        public SiloAddress SiloAddress { get; } = SiloAddress.New(IPAddress.Loopback, 1, 1);

        public SiloAddress GatewayAddress => SiloAddress;
    }

    /// <summary>Whatever is asked of an interface, one answer.</summary>
    public class OneAnswer : DispatchProxy
    {
        public Func<object?[], object?> Answer { get; set; } = static _ => null;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Answer(args ?? []);
    }

    private sealed class Warnings : ILogger<FeedOutbox>
    {
        private volatile int _count;

        public int Count => _count;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Interlocked.Increment(ref _count);
    }
}
