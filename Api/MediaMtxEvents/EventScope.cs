using System.Collections;
using Streams.Api.Logging;

namespace Streams.Api.MediaMtxEvents;

/// <summary>The correlation fields of one event; a log scope that every line written on its behalf carries.</summary>
internal sealed class EventScope(SourceEvent taken, string traceId) : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => 6;

    public KeyValuePair<string, object?> this[int index] => index switch
    {
        0 => new("StreamId", taken.Path.StreamId.Value),
        1 => new("SourceId", taken.Source.Id),
        2 => new("SourceType", taken.Source.Type),
        3 => new(EventIdEnricher.ScopeName, taken.EventId),
        4 => new("TraceId", traceId),
        5 => new("Path", taken.Path.ToString()),
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (int index = 0; index < Count; index++)
        {
            yield return this[index];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => $"{taken.Path} {taken.Source.Type} {taken.Source.Id} {taken.EventId}";
}
