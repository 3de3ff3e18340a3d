using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using Streams.Testing;
using Xunit;

namespace Streams.Grains.Tests.Feed;

public sealed class OutboxTests : IAsyncLifetime
{
    private static readonly StreamId Stream = StreamId.Parse("demo");

    private readonly FakeTimeProvider _time = new();
    private readonly WordOutbox _outbox;

    public OutboxTests() => _outbox = new WordOutbox(_time);

    public async ValueTask InitializeAsync() => await _outbox.StartAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _outbox.StopAsync(CancellationToken.None);
        _outbox.Dispose();
    }

    [Fact]
    public async Task What_is_told_together_is_handed_over_together()
    {
        _outbox.Tell(Stream, "one");
        _outbox.Tell(StreamId.Parse("other"), "two");
        _outbox.Tell(Stream, "three");
        Assert.Equal(["demo: one three", "other: two"], await Handed());
    }

    [Fact]
    public async Task What_could_not_be_handed_over_is_handed_over_again_before_what_is_newer()
    {
        _outbox.Failures = 2;
        _outbox.Tell(Stream, "old");
        await Until(() => _outbox.Failures == 1);
        _outbox.Tell(Stream, "new");
        Assert.Equal(["demo: old new"], await Handed());
        Assert.Equal(2, _outbox.Kept);
    }

    /// <summary>A call that never comes back must not be the last one.</summary>
    [Fact]
    public async Task A_hand_over_that_hangs_is_given_up()
    {
        _outbox.Hangs = true;
        _outbox.Tell(Stream, "word");
        await Until(() => _outbox.Kept == 1);
        _outbox.Hangs = false;
        Assert.Equal(["demo: word"], await Handed());
    }

    private Task<ImmutableArray<string>> Handed() => Until(() => _outbox.Handed, static handed => !handed.IsEmpty);

    private Task<bool> Until(Func<bool> condition) => Until(condition, static isTrue => isTrue);

    /// <summary>Lets time go on until it is so.</summary>
    private Task<T> Until<T>(Func<T> ask, Func<T, bool> accept) => Eventually.Get(
        () =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(200));
            return ask();
        },
        accept,
        "the outbox gets on");

    private sealed class WordOutbox(TimeProvider time) : Outbox<string>(time)
    {
        public volatile int Failures;
        public volatile bool Hangs;
        public volatile int Kept;

        public ImmutableArray<string> Handed { get; private set; } = [];

        public void Tell(StreamId id, string word) => Gather(id, word, static (known, added) => known is null ? added : $"{known} {added}");

        protected override Task HandOver(IReadOnlyCollection<KeyValuePair<StreamId, string>> news)
        {
            if (news.Count == 0)
            {
                return Task.CompletedTask;
            }

            if (Hangs)
            {
                return new TaskCompletionSource().Task;
            }

            if (Failures > 0)
            {
                Failures--;
                throw new InvalidOperationException("away");
            }

            Handed = [.. Handed, .. news.Select(static pair => $"{pair.Key}: {pair.Value}")];
            return Task.CompletedTask;
        }

        protected override string Join(string older, string newer) => $"{older} {newer}";

        protected override void LogKept(Exception failure) => Kept++;
    }
}
