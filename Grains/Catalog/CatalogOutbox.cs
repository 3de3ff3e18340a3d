using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace Streams;

/// <summary>
/// Tells the catalog what the streams of this silo are. The watch of MediaMTX asks the catalog which streams are believed live, so what
/// is told here must arrive: it is told again until it does.
/// </summary>
internal sealed partial class CatalogOutbox(IGrainFactory grains, TimeProvider time, ILogger<CatalogOutbox> logger) : Outbox<StreamEntry>(time)
{
    /// <summary>A stream is something else now.</summary>
    public void Note(StreamEntry entry) => Gather(entry.StreamId, entry, static (_, now) => now);

    protected override Task HandOver(IReadOnlyCollection<KeyValuePair<StreamId, StreamEntry>> news) => news.Count == 0
        ? Task.CompletedTask
        : grains.GetGrain<ICatalogGrain>(ICatalogGrain.Key).Note([.. news.Select(static pair => pair.Value)]);

    protected override StreamEntry Join(StreamEntry older, StreamEntry newer) => newer;

    protected override void LogKept(Exception failure) => LogNotTold(failure);

    [LoggerMessage(5002, LogLevel.Warning, "The catalog could not be told about the streams; it is told again in a second")]
    private partial void LogNotTold(Exception failure);
}
