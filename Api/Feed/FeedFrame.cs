using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Streams.Api.Wire;

namespace Streams.Api.Feed;

/// <summary>Server-sent events as bytes, made once for each feed item, however many clients there are.</summary>
internal static class FeedFrame
{
    public const string SnapshotEvent = "snapshot";
    public const string StreamEvent = "stream";
    public const string ProgressEvent = "progress";
    public const string HistoryEvent = "history";

    /// <summary>Heartbeat: a comment, which clients ignore. It keeps the connection alive, and reveals a dead one.</summary>
    public static ReadOnlyMemory<byte> Heartbeat { get; } = ": heartbeat\n\n"u8.ToArray();

    /// <summary>First bytes of the response: a client that loses the connection reconnects after a second.</summary>
    public static ReadOnlyMemory<byte> Opening { get; } = "retry: 1000\n\n"u8.ToArray();

    public static byte[] Of(FeedItem item, FeedPosition position) => item switch
    {
        { Status: { } status } => Make(StreamEvent, position, StreamSummary.Of(status), ApiJson.Default.StreamSummary),
        { Progress: { } progress } => Make(
            ProgressEvent,
            position,
            new FeedProgress { StreamId = item.StreamId.Value, Generation = item.Generation, Progress = ProgressView.Of(progress) },
            ApiJson.Default.FeedProgress),
        { Entry: { } entry } => Make(
            HistoryEvent, position, new FeedHistory { StreamId = item.StreamId.Value, Entry = HistoryEntryView.Of(entry) }, ApiJson.Default.FeedHistory),
        _ => [],
    };

    public static byte[] Snapshot(IEnumerable<StreamStatus> statuses, FeedPosition position) => Make(
        SnapshotEvent,
        position,
        new FeedSnapshot { Streams = [.. statuses.Select(StreamSummary.Of).OrderBy(static stream => stream.StreamId, StringComparer.Ordinal)] },
        ApiJson.Default.FeedSnapshot);

    /// <summary>A position as an event id, which a client sends back as <c>Last-Event-ID</c>.</summary>
    public static string ToId(FeedPosition position) => string.Create(CultureInfo.InvariantCulture, $"{position.Epoch:N}-{position.Sequence}");

    /// <summary>Reads what <see cref="ToId"/> made; null for anything else.</summary>
    public static FeedPosition? ReadId(string? id)
    {
        int dash = id?.IndexOf('-', StringComparison.Ordinal) ?? -1;
        return dash > 0
            && Guid.TryParseExact(id.AsSpan(0, dash), "N", out Guid epoch)
            && long.TryParse(id.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long sequence)
            ? new FeedPosition(epoch, sequence)
            : null;
    }

    // JSON holds no line break outside of strings, and escapes those inside: one data line is enough.
    private static byte[] Make<T>(string name, FeedPosition position, T data, JsonTypeInfo<T> type)
    {
        ArrayBufferWriter<byte> frame = new(512);
        Encoding.UTF8.GetBytes($"id: {ToId(position)}\nevent: {name}\ndata: ", frame);
        using (Utf8JsonWriter writer = new(frame))
        {
            JsonSerializer.Serialize(writer, data, type);
        }

        frame.Write("\n\n"u8);
        return frame.WrittenSpan.ToArray();
    }
}
