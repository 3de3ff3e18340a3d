using System.Net.Http.Json;
using System.Text.Json;
using Streams.Testing;

namespace Streams.Verify.Audience;

/// <summary>A stream with its audience, which goes through one change after the other.</summary>
internal sealed class AudienceTrial : IAsyncDisposable
{
    /// <summary>So long the audience is watched before a change, and after the output is back.</summary>
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(3);

    /// <summary>A chosen profile is tried again beside its fallback after 10 s, then 20 s, and proves itself for 10 s.</summary>
    private static readonly TimeSpan ReturnLimit = TimeSpan.FromSeconds(60);

    private readonly StreamsSystem _system;
    private readonly AudienceInput _input;
    private readonly DubProfile _dub;
    private readonly AudienceClock _clock = new();
    private readonly string _id;
    private readonly List<IAudienceReader> _readers = [];
    private ChildProgram _publisher;
    private bool _isDisposed;

    private AudienceTrial(StreamsSystem system, AudienceInput input, DubProfile dub, string id)
    {
        (_system, _input, _dub, _id) = (system, input, dub, id);
        _publisher = Publish();
    }

    /// <summary>Publishes the stream, and lets the audience in.</summary>
    /// <param name="system">Where.</param>
    /// <param name="input">What.</param>
    /// <param name="dub">A profile for changes of profile.</param>
    /// <param name="id">The stream's id.</param>
    public static async Task<AudienceTrial> Begin(StreamsSystem system, AudienceInput input, DubProfile dub, string id)
    {
        AudienceTrial trial = new(system, input, dub, id);
        try
        {
            await system.WaitForFrames(id);
            await trial.LetIn();
            return trial;
        }
        catch
        {
            await trial.DisposeAsync();
            throw;
        }
    }

    /// <summary>Brings a change about, and says what the audience saw of it.</summary>
    public async Task<FaultResult> Run(Fault fault)
    {
        try
        {
            await Task.Delay(Calm);
            TimeSpan from = _clock.Now;
            TimeSpan outage = await fault.Cause(this);
            await WaitUntilServed(_clock.Now);
            await Task.Delay(Calm);
            await WaitForSegments(from);
            TimeSpan until = _clock.Now - TimeSpan.FromSeconds(0.3); // What came until then has been reported.
            return new FaultResult(
                fault.Name, _input, fault.Limit(KeyFrameEvery, outage), [.. _readers.Select(reader => ReaderVerdict.Of(reader.Name, reader.Kind, reader.Log, from, until))]);
        }
        catch (Exception failed) when (failed is TimeoutException or InvalidOperationException or HttpRequestException)
        {
            return new FaultResult(fault.Name, _input, TimeSpan.Zero, [], failed.Message);
        }
    }

    public async Task<TimeSpan> KillWorker()
    {
        JsonElement status = await WaitUntilSteady();
        Processes.Signal(StreamsSystem.Pid(status), Processes.KillSignal);
        await _system.WaitForFrames(_id, Generation(status) + 1);
        return TimeSpan.Zero;
    }

    public async Task<TimeSpan> Restart()
    {
        long before = Generation(await Status());
        (await _system.Api.PostAsync(new Uri($"/v1/streams/{_id}/restart", UriKind.Relative), null)).EnsureSuccessStatusCode().Dispose();
        await _system.WaitForFrames(_id, before + 1);
        return TimeSpan.Zero;
    }

    public async Task<TimeSpan> ChangeProfile()
    {
        long before = Generation(await Status());
        (await _system.Api.PutAsJsonAsync(new Uri($"/v1/streams/{_id}/profile", UriKind.Relative), new { profile = DubProfile.Name })).EnsureSuccessStatusCode().Dispose();
        await _system.WaitForFrames(_id, before + 1);
        return TimeSpan.Zero;
    }

    /// <summary>Another publisher takes the input over; the former is disconnected.</summary>
    public async Task<TimeSpan> TakeOver()
    {
        long before = Generation(await Status());
        await using ChildProgram former = _publisher;
        _publisher = Publish();
        await _system.WaitForFrames(_id, before + 1);
        return TimeSpan.Zero;
    }

    /// <summary>The publisher's connection breaks, and it comes back after a time.</summary>
    public async Task<TimeSpan> Leave(TimeSpan time)
    {
        long before = Generation(await Status());
        DateTimeOffset left = TimeProvider.System.GetUtcNow();
        _publisher.Signal(Processes.KillSignal); // One that is asked to end sends first what its encoder holds, all at once.
        await _publisher.WaitForEnd();
        await Task.Delay(time);
        await _publisher.DisposeAsync();
        _publisher = Publish();
        JsonElement input = await _system.WaitForPath($"live/{_id}/in", static path => path.GetProperty("available").GetBoolean(), "available again");
        await _system.WaitForFrames(_id, before + 1);
        return input.GetProperty("availableTime").GetDateTimeOffset() - left;
    }

    public async Task<TimeSpan> KillSilo()
    {
        long before = Generation(await Status());
        TimeSpan killed = _clock.Now;
        await _system.KillSilo();
        await _system.StartSilo();
        TimeSpan outage = _clock.Now - killed;
        await _system.WaitForFrames(_id, before + 1);
        return outage;
    }

    /// <summary>The worker of the chosen profile is killed, and cannot be started again.</summary>
    public async Task<TimeSpan> FallBack()
    {
        JsonElement status = await WaitUntilSteady();
        _dub.Break();
        Processes.Signal(StreamsSystem.Pid(status), Processes.KillSignal);
        await WaitFor(static now => now.TryGetProperty("fallback", out _) && StreamsSystem.Frames(now) > 0, "on its fallback", null);
        return TimeSpan.Zero;
    }

    /// <summary>The chosen profile can be started again, and is.</summary>
    public async Task<TimeSpan> Return()
    {
        _dub.Mend();
        await WaitFor(static now => !now.TryGetProperty("fallback", out _) && !now.TryGetProperty("change", out _) && StreamsSystem.Frames(now) > 0, "with its own profile again", ReturnLimit);
        return TimeSpan.Zero;
    }

    /// <summary>Ends publisher and audience; may be called again.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        foreach (IAudienceReader reader in _readers)
        {
            await reader.DisposeAsync();
        }

        await _publisher.DisposeAsync();
    }

    private TimeSpan KeyFrameEvery => TimeSpan.FromSeconds(_input.KeyFrameEvery);

    private ChildProgram Publish() => ChildProgram.Start("ffmpeg", _input.Publish(_system.Media.Rtmp($"live/{_id}/in")));

    private async Task LetIn()
    {
        string path = $"live/{_id}/out";
        _readers.Add(FfmpegReader.OfRtsp(_system.Media.Rtsp(path), _clock));
        _readers.Add(FfmpegReader.OfRtmp(_system.Media.Rtmp(path), _clock));
        if (_system.Media.Kind == MediaServerKind.MediaMtx)
        {
            _readers.Add(FfmpegReader.OfHls(new Uri(_system.Media.HlsUrl, $"{path}/index.m3u8").ToString(), _clock));
            if (InstalledChromium.Program is not null)
            {
                _readers.Add(await BrowserReader.Open(new Uri(_system.Api.BaseAddress!, $"/streams/{_id}"), _clock));
            }
        }

        await WaitUntilServed(_clock.Now);
    }

    /// <summary>Readers by HLS are behind by some segments: they have received what was published after the change.</summary>
    private async Task WaitForSegments(TimeSpan from)
    {
        foreach (IAudienceReader reader in _readers.Where(static reader => reader.Kind == ReaderKind.Segments))
        {
            TimeSpan published = reader.Log.Pictures.Last(picture => picture.Arrived <= from).Stamp + (_clock.Now - from) + KeyFrameEvery;
            await Eventually.True(() => reader.Log.Pictures[^1].Stamp > published || reader.Log.Losses.Any(at => at > from), $"the segments after the change at the reader by {reader.Name}");
        }
    }

    /// <summary>Each reader has seen a picture after a point in time.</summary>
    private async Task WaitUntilServed(TimeSpan after)
    {
        foreach (IAudienceReader reader in _readers)
        {
            try
            {
                await Eventually.True(() => reader.Log.Pictures is [.., var last] && last.Arrived > after, $"a picture at the reader by {reader.Name}");
            }
            catch (TimeoutException late)
            {
                throw new TimeoutException($"{late.Message} It wrote: {string.Join(" | ", reader.Log.Complaints.TakeLast(3).Select(static complaint => complaint.Text))}", late);
            }
        }
    }

    private async Task<JsonElement> Status() => (await _system.Status(_id))!.Value;

    private static long Generation(JsonElement status) => status.GetProperty("generation").GetInt64();

    private async Task<JsonElement> WaitFor(Func<JsonElement, bool> isSo, string what, TimeSpan? limit) => (await Eventually.Get<JsonElement?>(
        () => _system.Status(_id), status => status is { } now && now.GetProperty("phase").GetString() == "Running" && isSo(now), $"stream {_id} {what}", limit))!.Value;

    /// <summary>Its worker has run for so long that one that dies is replaced at once.</summary>
    private async Task<JsonElement> WaitUntilSteady()
    {
        JsonElement status = await Status();
        await Eventually.Get(
            () => _system.History(_id),
            entries => entries.Any(entry => entry.GetProperty("what").GetString() == "WorkerSteady" && entry.GetProperty("generation").GetInt64() == Generation(status)),
            $"the worker of {_id} steady");
        return status;
    }
}
