using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Streams.Grains.Continuity.Slates;

/// <summary>
/// Chooses what readers of a kept output see while nobody publishes it: the operator's card where one is wanted and can be used, else the clear slate. A
/// card never keeps a worker waiting, and never makes an output unavailable. Safe for several threads.
/// </summary>
internal sealed partial class SlateChoice(SlateFolder slates, IOptions<ContinuityOptions> options, TimeProvider time, ILogger<SlateChoice> logger)
{
    /// <summary>How long a start waits for a card that is being made.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>How long a card that could not be made is not tried again.</summary>
    private static readonly TimeSpan GiveUpFor = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(string File, long Bytes, DateTime Written), Card> _cards = new();
    private readonly ConcurrentDictionary<string, Task<Card>> _reading = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (string Problem, long At)> _failed = new(StringComparer.Ordinal);

    /// <summary>The file of the slate, and why it is not the card that was wanted; null when it is, or none was.</summary>
    /// <param name="tracks">The tracks of the output.</param>
    /// <param name="kind">What the profile wants; null for what the options say.</param>
    /// <param name="card">The profile's own card; empty for that of the options.</param>
    /// <exception cref="SlateException">There is no slate at all.</exception>
    public async Task<(string File, string? Problem)> Find(SlateTracks tracks, SlateKind? kind, string card)
    {
        if ((kind ?? options.Value.Slate) == SlateKind.Clear || tracks.Video is null)
        {
            return (await slates.Find(tracks), null);
        }

        string path = card.Length > 0 ? card : options.Value.SlateCard;
        try
        {
            return (await Find(tracks, path), null);
        }
        catch (SlateException unusable)
        {
            LogUnusable(path, unusable.Message);
            return (await slates.Find(tracks), $"The card {path} is not shown, and readers keep their last picture: {unusable.Message}");
        }
    }

    private async Task<string> Find(SlateTracks tracks, string path)
    {
        Card card = await ReadInTime(path);
        string name = tracks.FileNameOf(card);
        if (_failed.TryGetValue(name, out (string Problem, long At) failed) && time.GetElapsedTime(failed.At) < GiveUpFor)
        {
            throw new SlateException(failed.Problem);
        }

        Task<string> made = slates.Find(tracks, card);
        try
        {
            return await made.WaitAsync(Patience, time);
        }
        catch (TimeoutException)
        {
            made.ContinueWith(late => Remember(name, late.Exception?.InnerException), TaskScheduler.Default).Ignore();
            throw new SlateException("it is still being made for these tracks. It is shown from the next broadcast on.");
        }
        catch (SlateException failure)
        {
            Remember(name, failure);
            throw;
        }
    }

    /// <summary>Reads a card, for as long as a start waits; of one that cannot be read in that time, as on a network that hangs, no second reading is begun.</summary>
    private async Task<Card> ReadInTime(string path)
    {
        Task<Card> reading = _reading.AddOrUpdate(path, _ => Task.Run(() => Read(path)), (_, begun) => begun.IsCompleted ? Task.Run(() => Read(path)) : begun);
        try
        {
            return await reading.WaitAsync(Patience, time);
        }
        catch (TimeoutException)
        {
            reading.Ignore();
            throw new SlateException($"it could not be read within {Patience.TotalSeconds:0} s.");
        }
    }

    private void Remember(string name, Exception? failure)
    {
        if (failure is not null)
        {
            _failed[name] = (failure.Message, time.GetTimestamp());
        }
    }

    /// <summary>Reads a card, once for each state of its file.</summary>
    private Card Read(string path)
    {
        if (path.Length == 0)
        {
            throw new SlateException($"none is set. Set {ContinuityOptions.Section}:{nameof(ContinuityOptions.SlateCard)}, or SlateCard of the profile.");
        }

        FileInfo? file = Find(path);
        if (file is not { Exists: true })
        {
            return Card.Read(path); // Which says so.
        }

        (string, long, DateTime) state = (file.FullName, file.Length, file.LastWriteTimeUtc);
        if (_cards.TryGetValue(state, out Card? known))
        {
            return known;
        }

        if (_cards.Count > 100)
        {
            _cards.Clear(); // A card that is written again and again.
        }

        return _cards[state] = Card.Read(path);
    }

    private static FileInfo? Find(string path)
    {
        try
        {
            return Card.Resolve(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    [LoggerMessage(3112, LogLevel.Warning, "The card {Card} is not shown, and readers keep their last picture: {Problem}")]
    private partial void LogUnusable(string card, string problem);
}
