using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Streams.Grains.Continuity;
using Streams.Grains.Workers.Aside;
using Streams.Testing;
using Xunit;

namespace Streams.Grains.Tests.Workers;

/// <summary>When a standby takes the output over by itself, and when it does not.</summary>
public sealed class AsideWatchTests : IDisposable
{
    /// <summary>More looks than it needs to be sure.</summary>
    private const int Enough = 6;

    private readonly FakeServer _server = new();
    private readonly FakeWorker _worker = new();
    private readonly TaskCompletionSource _over = new();
    private readonly ConcurrentQueue<string> _reports = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task It_steps_in_when_the_output_has_lost_its_source_and_its_input_is_live()
    {
        Task watching = Watch();
        await _server.Look(2);
        Assert.Empty(_server.Changes);
        _server.Sources["live/demo/out"] = null;
        await Eventually.True(() => !_reports.IsEmpty, "a report");
        Assert.Equal(["on the air by forwarded, which nobody had published"], _reports);
        Assert.Equal(["delete live/demo/w3", "forward live/demo/w7 to rtsp://output"], _server.Changes);
        await End(watching);
    }

    [Theory]
    [InlineData("an output that nobody has published yet")]
    [InlineData("an input that has ended")]
    [InlineData("an input of another source")]
    [InlineData("nothing of its own")]
    [InlineData("a media server that does not answer")]
    [InlineData("a worker of which nothing has arrived")]
    public async Task It_does_not_with(string what)
    {
        _server.Sources["live/demo/out"] = what == "an output that nobody has published yet" ? null : "first";
        Task watching = Watch();
        await _server.Look(2);
        _server.Sources["live/demo/in"] = what switch { "an input that has ended" => null, "an input of another source" => "other", _ => "a" };
        _server.Sources["live/demo/w7"] = what == "nothing of its own" ? null : "side";
        _server.IsAway = what == "a media server that does not answer";
        _worker.HasArrived = what != "a worker of which nothing has arrived";
        _server.Sources["live/demo/out"] = null;
        await _server.Look(Enough);
        Assert.Empty(_server.Changes);
        await End(watching);
        Assert.Empty(_reports);
    }

    [Fact]
    public async Task A_look_that_is_not_answered_holds_it_up_no_longer_than_another_takes()
    {
        Task watching = Watch();
        await _server.Look(2);
        _server.HeldLooks = 1;
        await Eventually.True(() => _server.HeldLooks == 0, "a look that is held");
        _server.Sources["live/demo/out"] = null;
        await Eventually.True(() => !_reports.IsEmpty, "a report");
        Assert.False(_server.Held.Task.IsCompleted);
        _server.Held.SetResult();
        await End(watching);
    }

    [Fact]
    public async Task Told_to_it_replaces_whoever_publishes()
    {
        (AsideWatch watch, Task watching) = Begin();
        await _server.Look(2);
        Assert.False(watch.HasBegun);
        watch.StepIn();
        watch.StepIn();
        await Eventually.True(() => !_reports.IsEmpty, "a report");
        Assert.True(watch.HasBegun);
        Assert.Equal(["on the air by forwarded"], _reports);
        await End(watching);
    }

    [Fact]
    public async Task Told_to_before_anything_of_it_has_arrived_it_waits_for_that()
    {
        _worker.HasArrived = false;
        (AsideWatch watch, Task watching) = Begin();
        watch.StepIn();
        await Eventually.True(() => _worker.Recorded.Count > 4, "looks at its own path");
        Assert.Empty(_server.Changes);
        _worker.HasArrived = true;
        await Eventually.True(() => !_reports.IsEmpty, "a report");
        Assert.Equal(["on the air by forwarded"], _reports);
        await End(watching);
    }

    [Fact]
    public async Task Told_to_when_the_input_has_ended_it_waits_for_the_end()
    {
        (AsideWatch watch, Task watching) = Begin();
        await _server.Look(1);
        _server.Sources["live/demo/in"] = null;
        _server.Inputs = 0;
        watch.StepIn();
        await Eventually.True(() => _server.Inputs > 2, "looks at the input");
        await End(watching);
        Assert.DoesNotContain(_server.Changes, static change => change.StartsWith("forward", StringComparison.Ordinal));
        Assert.Empty(_reports);
    }

    [Fact]
    public async Task On_the_air_it_withdraws_once_another_publishes()
    {
        (AsideWatch watch, Task watching) = Begin();
        await _server.Look(1);
        watch.StepIn();
        await Eventually.True(() => !_reports.IsEmpty, "a report");
        await _server.Look(2);
        Assert.DoesNotContain("forward live/demo/w7 to nobody", _server.Changes);
        _server.Sources["live/demo/out"] = "later";
        await Eventually.True(() => _server.Changes.Contains("forward live/demo/w7 to nobody"), "its withdrawal");
        await Eventually.True(() => _reports.Count == 2, "a report of it");
        Assert.Equal("Another publisher has taken the output over.", _reports.Last());
        await End(watching);
    }

    [Fact]
    public async Task Without_its_path_it_cannot_step_in_and_says_so()
    {
        (AsideWatch watch, Task watching) = Begin();
        await _server.Look(1);
        _server.HasSide = false;
        watch.StepIn();
        await Eventually.True(() => !_reports.IsEmpty, "a report");
        Assert.Equal(["It could not take the output over: its path was removed at the media server."], _reports);
        await End(watching);
    }

    [Fact]
    public async Task Told_to_end_it_does_not_step_in()
    {
        Task watching = Watch();
        await _server.Look(2);
        _worker.Stop.SetResult();
        _server.Sources["live/demo/out"] = null;
        await watching.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Empty(_server.Changes);
        Assert.Empty(_reports);
    }

    [Fact]
    public async Task It_reports_what_arrives_at_its_own_path()
    {
        _worker.HasArrived = false;
        Task watching = Watch();
        await Eventually.True(() => _worker.Recorded.Contains("output side 100") && _worker.Recorded.Contains("input 100"), "what it has recorded");
        await End(watching);
    }

    private Task Watch() => Begin().Watching;

    private (AsideWatch Watch, Task Watching) Begin()
    {
        MediaMtxClient client = new(new HttpClient(_server, disposeHandler: false), new MediaNodes(Options.Create(new MediaOptions())).First);
        AsideWatch watch = new(_worker, "rtsp://output", client, new SidePaths(new PathConfigurations(client), client), TimeProvider.System, NullLogger.Instance)
        {
            SteppedIn = (source, missing) => _reports.Enqueue($"on the air by {source.Id}{(missing is null ? "" : ", which nobody had published")}"),
            Failed = _reports.Enqueue,
        };
        return (watch, watch.Watch(_over.Task, TestContext.Current.CancellationToken));
    }

    private async Task End(Task watching)
    {
        _over.TrySetResult();
        await watching.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    private sealed class FakeWorker : IAsideWorker
    {
        public WorkerRun Run { get; } = new(StreamId.Parse("demo"), 7, new LiveSource("rtmpConn", "a", "", default), null) { IsAside = true, Fences = [3] };

        public int? Pid => 1;

        public bool HasArrived { get; set; } = true;

        public TaskCompletionSource Stop { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task StopRequested => Stop.Task;

        public ConcurrentQueue<string> Recorded { get; } = new();

        public void RecordInput(long bytes) => Recorded.Enqueue($"input {bytes}");

        public void RecordOutput(string? source, long bytes) => Recorded.Enqueue($"output {source} {bytes}");
    }

    /// <summary>A media server with the three paths of a stream with a standby.</summary>
    private sealed class FakeServer : HttpMessageHandler
    {
        private int _looks;

        /// <summary>Who publishes each path.</summary>
        public ConcurrentDictionary<string, string?> Sources { get; } = new() { ["live/demo/in"] = "a", ["live/demo/out"] = "first", ["live/demo/w7"] = "side" };

        /// <summary>What changed the configuration, in order.</summary>
        public ConcurrentQueue<string> Changes { get; } = new();

        /// <summary>How often the input was looked at.</summary>
        public int Inputs { get; set; }

        public bool IsAway { get; set; }

        /// <summary>So many of the next looks at the output are not answered before <see cref="Held"/>.</summary>
        public int HeldLooks { get; set; }

        public TaskCompletionSource Held { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool HasSide { get; set; } = true;

        /// <summary>Waits until the output was looked at so many times more.</summary>
        public Task Look(int times)
        {
            int seen = Volatile.Read(ref _looks);
            return Eventually.True(() => Volatile.Read(ref _looks) >= seen + times, $"{times} looks");
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string url = request.RequestUri!.AbsolutePath;
            if (url.StartsWith("/v3/paths/get/", StringComparison.Ordinal))
            {
                if (HeldLooks > 0 && url.EndsWith("/out", StringComparison.Ordinal))
                {
                    HeldLooks--;
                    await Held.Task.WaitAsync(CancellationToken.None);
                }

                return Get(url["/v3/paths/get/".Length..]);
            }

            string[] words = url["/v3/config/paths/".Length..].Split('/', 2);
            if (words[0] == "delete")
            {
                Changes.Enqueue($"delete {words[1]}");
                return new HttpResponseMessage(HttpStatusCode.NotFound);
            }

            if (!HasSide)
            {
                return new HttpResponseMessage(HttpStatusCode.NotFound);
            }

            JsonElement forward = JsonDocument.Parse(await request.Content!.ReadAsStringAsync(cancellationToken)).RootElement.GetProperty("forward");
            string? destination = forward.EnumerateArray().Select(static one => one.GetProperty("dest").GetString()).SingleOrDefault();
            Changes.Enqueue($"forward {words[1]} to {destination ?? "nobody"}");
            if (destination is not null)
            {
                Sources["live/demo/out"] = "forwarded";
            }

            return new HttpResponseMessage(HttpStatusCode.OK);
        }

        private HttpResponseMessage Get(string name)
        {
            if (name == "live/demo/out")
            {
                Interlocked.Increment(ref _looks);
            }

            Inputs += name == "live/demo/in" ? 1 : 0;
            object? source = Sources[name] is { } id ? new { type = name == "live/demo/in" ? "rtmpConn" : "rtspSession", id } : null;
            return IsAway
                ? new HttpResponseMessage(HttpStatusCode.InternalServerError)
                : new HttpResponseMessage(HttpStatusCode.OK)
                {
                    Content = new StringContent(JsonSerializer.Serialize(new { name, available = true, online = source is not null, source, inboundBytes = 100 })),
                };
        }
    }
}
