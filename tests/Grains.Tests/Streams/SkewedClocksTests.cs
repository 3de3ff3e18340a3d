using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Streams.Grains.Tests.Streams;

/// <summary>
/// Random lives of a stream at two media servers, whose watches run on silos with clocks an hour before and behind its own: hooks come late, in any order or not at all, polls
/// are late, watches move. Nothing that is there is taken for gone, and after quiet the newest publisher has the input.
/// </summary>
public sealed class SkewedClocksTests
{
    private static readonly string[] Names = ["a", "b"];

    private enum Act
    {
        Publish, End, SendPoll, DeliverPoll, DeliverHook, DeliverLatestHook, LoseHook, AnswerMark, MoveWatch, Exit,
    }

    private static readonly Gen<(Act Act, int Node)[]> Lives = Gen.Select(Gen.Enum<Act>(), Gen.Int[0, 1]).Array[1, 100];

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, -1)]
    [InlineData(-1, 1)]
    [InlineData(1, 1)]
    [InlineData(-1, -1)]
    public void Nothing_that_is_there_is_taken_for_gone_and_the_newest_has_the_input(int first, int second) =>
        Lives.Sample(
            life =>
            {
                Life stream = new([TimeSpan.FromHours(first), TimeSpan.FromHours(second)]);
                stream.Play(life);
                stream.Settle();
            },
            iter: 5_000);

    private sealed class Life
    {
        private readonly StreamMachine _machine = new(new RetryPolicy(new RetryOptions()), new FallbackOptions());
        private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        private readonly Node[] _nodes;
        private readonly PollMarks _marks;
        private readonly List<SourceEvent> _hooks = [];
        private StreamState _state = new();
        private int _sources;

        public Life(TimeSpan[] skews)
        {
            _nodes = [.. skews.Select(static (skew, index) => new Node(Names[index], skew))];
            _marks = new PollMarks(_time);
        }

        public void Play((Act Act, int Node)[] life)
        {
            foreach ((Act act, int node) in life)
            {
                _time.Advance(TimeSpan.FromMilliseconds(7));
                Play(act, _nodes[node]);
            }
        }

        /// <summary>Nothing more happens but what follows by itself.</summary>
        public void Settle()
        {
            while (_hooks.Count > 0)
            {
                Play(Act.DeliverHook, _nodes[0]);
            }

            for (int round = 0; round < 4; round++)
            {
                foreach (Node node in _nodes)
                {
                    Play(Act.DeliverPoll, node);
                    Play(Act.AnswerMark, node);
                    Play(Act.SendPoll, node);
                    Play(Act.DeliverPoll, node);
                    Play(Act.Exit, node);
                    _time.Advance(TimeSpan.FromMilliseconds(7));
                }
            }

            LiveSource? newest = _nodes.Select(static node => node.Truth).OfType<LiveSource>().MaxBy(static source => source.Since);
            Assert.Equal(newest?.Id, _state.Input?.Id);
            Assert.Equal(newest?.Node, _state.Input?.Node);
            Assert.Equal(
                _nodes.Select(static node => node.Truth?.Id).OfType<string>().Where(id => id != newest?.Id),
                _state.Conflicts.Select(static source => source.Id));
        }

        private void Play(Act act, Node node)
        {
            switch (act)
            {
                case Act.Publish:
                    End(node);
                    node.Truth = new LiveSource("rtmpConn", $"source-{++_sources}", "", _time.GetUtcNow()) { Node = node.Name };
                    _hooks.Add(Event(SourceEventKind.Ready, node.Truth));
                    break;
                case Act.End:
                    End(node);
                    break;
                case Act.SendPoll when node.InFlight is null:
                    node.Position = node.Position with { Number = node.Position.Number + 1 };
                    node.InFlight = (node.Truth, node.Position, _time.GetUtcNow() + node.Skew);
                    break;
                case Act.DeliverPoll when node.InFlight is { } poll:
                    node.InFlight = null;
                    Observe(node, poll.Seen, poll.Position, poll.At);
                    break;
                case Act.DeliverHook when _hooks.Count > 0:
                    Deliver(0);
                    break;
                case Act.DeliverLatestHook when _hooks.Count > 0:
                    Deliver(_hooks.Count - 1);
                    break;
                case Act.LoseHook when _hooks.Count > 0:
                    _hooks.RemoveAt(0);
                    break;
                case Act.AnswerMark when node.Request is { } request:
                    node.Request = null;
                    _marks.Set(node.Name, request, node.Position);
                    break;
                case Act.MoveWatch:
                    node.Position = new PollPosition(Guid.NewGuid(), 0); // What its former life has sent may still be on the way.
                    break;
                case Act.Exit when _state.HasWorker:
                    Decide(new StreamInput.WorkerExited(_state.Generation, "it ended", RetryHope.Soon, []));
                    break;
            }
        }

        private void End(Node node)
        {
            if (node.Truth is { } ended)
            {
                _hooks.Add(Event(SourceEventKind.NotReady, ended));
                node.Truth = null;
            }
        }

        private void Deliver(int index)
        {
            SourceEvent hook = _hooks[index];
            _hooks.RemoveAt(index);
            Decide(new StreamInput.SourceChanged(hook));
        }

        /// <summary>As the grain does.</summary>
        private void Observe(Node node, LiveSource? seen, PollPosition position, DateTimeOffset askedAt)
        {
            (bool? isNews, bool isToAsk) = _marks.Judge(node.Name, position);
            LiveSource? before = _state.Input;
            Decide(new StreamInput.Observed(seen, null, askedAt) { Node = node.Name, IsNews = isNews });
            if (isToAsk)
            {
                node.Request = _marks.Begin(node.Name);
            }

            bool isThere = before is not null && _nodes.Any(other => other.Truth?.Id == before.Id);
            Assert.False(isThere && _state.Input is null, $"{before} was taken for gone by a poll of {node.Name}.");
        }

        private void Decide(StreamInput input)
        {
            StreamState before = _state;
            _state = _machine.Decide(_state, input, _time.GetUtcNow()).State;
            if (NodeDecisions.FindTeller(input, before, _state) is { } teller)
            {
                Node node = _nodes.Single(other => other.Name == teller);
                node.Request = _marks.Begin(teller);
            }
        }

        private SourceEvent Event(SourceEventKind kind, LiveSource source) => new()
        {
            EventId = Guid.NewGuid(),
            Kind = kind,
            Path = new StreamPath(MachineHarness.Id, PathRole.Input),
            Source = new MediaSource(source.Type, source.Id),
            OccurredAt = kind == SourceEventKind.Ready ? source.Since : _time.GetUtcNow(),
            Node = source.Node,
        };
    }

    /// <summary>A media server with its watch.</summary>
    private sealed class Node(string name, TimeSpan skew)
    {
        public string Name => name;

        /// <summary>By how much the clock of the watch's silo is ahead of the stream's.</summary>
        public TimeSpan Skew => skew;

        /// <summary>Who publishes there.</summary>
        public LiveSource? Truth { get; set; }

        /// <summary>The last poll that its watch has sent.</summary>
        public PollPosition Position { get; set; } = new(Guid.NewGuid(), 0);

        /// <summary>A poll that has not reached the stream.</summary>
        public (LiveSource? Seen, PollPosition Position, DateTimeOffset At)? InFlight { get; set; }

        /// <summary>The stream's question for the number of the last poll, which is not answered yet.</summary>
        public long? Request { get; set; }
    }
}
