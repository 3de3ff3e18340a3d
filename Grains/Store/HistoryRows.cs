using System.Text.Json;

namespace Streams.Grains.Store;

/// <summary>Converts history entries and runs to rows, and back. Pure.</summary>
public static class HistoryRows
{
    /// <summary>The row of an entry.</summary>
    public static HistoryRow Of(StreamId id, HistoryEntry entry) => Of(id, HistoryKind.Entry, entry.At, StateJson.Write(entry));

    /// <summary>The row of an ended run.</summary>
    public static HistoryRow Of(StreamId id, RunRecord run) => Of(id, HistoryKind.Run, run.EndedAt, StateJson.Write(run));

    /// <summary>The row that adds an address to the earlier entries about a source.</summary>
    public static HistoryRow Of(StreamId id, SourceAddress address, DateTimeOffset at) => Of(id, HistoryKind.Address, at, StateJson.Write(address));

    /// <summary>Builds a history from rows in order. Damaged rows are counted and left out.</summary>
    public static StreamHistory Read(IReadOnlyList<HistoryRow> rows)
    {
        List<HistoryEntry> entries = [];
        List<RunRecord> runs = [];
        Dictionary<string, string> addresses = [];
        int damaged = 0;
        foreach (HistoryRow row in rows)
        {
            try
            {
                if (row.Checksum != RowChecksum.Of(row))
                {
                    throw new JsonException("The checksum does not match.");
                }

                switch (row.Kind)
                {
                    case HistoryKind.Entry:
                        entries.Add(StateJson.Read<HistoryEntry>(row.Json));
                        break;
                    case HistoryKind.Run:
                        runs.Add(StateJson.Read<RunRecord>(row.Json));
                        break;
                    case HistoryKind.Address:
                        SourceAddress address = StateJson.Read<SourceAddress>(row.Json);
                        addresses[address.SourceId] = address.RemoteAddress;
                        break;
                }
            }
            catch (JsonException)
            {
                damaged++;
            }
        }

        return new StreamHistory
        {
            Entries = [.. entries.TakeLast(StreamHistory.MaxEntries).Select(entry => Complete(entry, addresses))],
            Runs = [.. runs.TakeLast(StreamHistory.MaxRuns)],
            DamagedRows = damaged,
        };
    }

    private static HistoryEntry Complete(HistoryEntry entry, Dictionary<string, string> addresses) =>
        entry is { RemoteAddress: null, SourceId: { } source } && addresses.TryGetValue(source, out string? address) ? entry with { RemoteAddress = address } : entry;

    private static HistoryRow Of(StreamId id, HistoryKind kind, DateTimeOffset at, string json)
    {
        HistoryRow row = new(id, kind, at.UtcTicks, json, 0);
        return row with { Checksum = RowChecksum.Of(row) };
    }
}
