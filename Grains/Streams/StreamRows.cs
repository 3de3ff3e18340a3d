using System.Text.Json;
using Streams.Grains.Store;

namespace Streams.Grains.Streams;

/// <summary>Turns a stream's state into its row, and back. Pure.</summary>
public static class StreamRows
{
    /// <summary>The row of a state.</summary>
    /// <param name="id">The stream.</param>
    /// <param name="version">The row's version: one more than that which it replaces.</param>
    /// <param name="state">The state.</param>
    public static StreamRow Of(StreamId id, long version, StreamState state)
    {
        StreamRow row = new()
        {
            StreamId = id,
            Version = version,
            Phase = state.Phase,
            SinceTicks = state.Since.UtcTicks,
            Generation = state.Generation,
            IsLive = state.IsLive,
            IsKept = state.IsKept,
            Profile = state.Profile,
            Node = state.Node,
            Json = StateJson.Write(state),
            Checksum = 0,
        };
        return row with { Checksum = RowChecksum.Of(row) };
    }

    /// <summary>The state that a row holds.</summary>
    /// <exception cref="StreamDamagedException">It was damaged, or changed by hand.</exception>
    public static StreamState Read(StreamRow row)
    {
        if (row.Checksum != RowChecksum.Of(row))
        {
            throw Damaged(row.StreamId, "its checksum does not fit", null);
        }

        try
        {
            return StateJson.Read<StreamState>(row.Json);
        }
        catch (JsonException unreadable)
        {
            throw Damaged(row.StreamId, unreadable.Message, unreadable);
        }
    }

    private static StreamDamagedException Damaged(StreamId id, string why, Exception? inner) => new(
        $"What is saved of stream {id} is damaged ({why}), and it cannot work. Nothing else is concerned. "
        + $"Drop it with DELETE /v1/streams/{id}: if its input is live it starts anew at once; an operator's stop, the chosen profile and the history are lost.",
        inner);
}
