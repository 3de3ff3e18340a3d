using Streams.Testing;

namespace Streams.Verify.Audience;

/// <summary>The audience of one output: readers by RTSP and RTMP, and where the media server has it by HLS, with ffmpeg and with the page's preview in a browser.</summary>
/// <param name="media">The media server of the output.</param>
/// <param name="page">The stream's page.</param>
/// <param name="path">The output's path.</param>
/// <param name="keyFrames">Time from one key frame to the next.</param>
internal sealed class Audience(MediaServer media, Uri page, string path, TimeSpan keyFrames) : IAsyncDisposable
{
    /// <summary>So long it is watched before a change, and after the output is back.</summary>
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(3);

    private readonly AudienceClock _clock = new();
    private readonly List<IAudienceReader> _readers = [];

    /// <summary>Connects all readers, and waits until each sees the output.</summary>
    public async Task LetIn()
    {
        _readers.Add(FfmpegReader.OfRtsp(media.Rtsp(path), _clock));
        _readers.Add(FfmpegReader.OfRtmp(media.Rtmp(path), _clock));
        if (media.Kind == MediaServerKind.MediaMtx)
        {
            _readers.Add(FfmpegReader.OfHls(new Uri(media.HlsUrl, $"{path}/index.m3u8").ToString(), _clock));
            if (InstalledChromium.Program is not null)
            {
                _readers.Add(await BrowserReader.Open(page, _clock));
            }
        }

        await WaitUntilServed(_clock.Now);
    }

    /// <summary>What each reader saw of a change.</summary>
    /// <param name="change">Brings the change about, and waits until the output is published again. Returns for how long there was nothing to show.</param>
    public async Task<(TimeSpan Outage, IReadOnlyList<ReaderVerdict> Verdicts)> Watch(Func<Task<TimeSpan>> change)
    {
        await Task.Delay(Calm);
        TimeSpan from = _clock.Now;
        TimeSpan outage = await change();
        await WaitUntilServed(_clock.Now);
        await WaitForSegments(from);
        await Task.Delay(Calm); // After the segments: what came last is not counted.
        TimeSpan until = _clock.Now - TimeSpan.FromSeconds(0.3); // What came until then has been reported.
        return (outage, [.. _readers.Select(reader => ReaderVerdict.Of(reader.Name, reader.Kind, reader.Log, from, until))]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAudienceReader reader in _readers)
        {
            await reader.DisposeAsync();
        }
    }

    /// <summary>Readers by HLS are behind by some segments: they have received what was published after the change.</summary>
    private async Task WaitForSegments(TimeSpan from)
    {
        foreach (IAudienceReader reader in _readers.Where(static reader => reader.Kind == ReaderKind.Segments))
        {
            TimeSpan published = reader.Log.Pictures.Last(picture => picture.Arrived <= from).Stamp + (_clock.Now - from) + keyFrames;
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
}
