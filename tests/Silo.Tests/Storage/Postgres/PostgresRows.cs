namespace Streams.Silo.Tests.Storage.Postgres;

/// <summary>Rows of tests.</summary>
internal static class PostgresRows
{
    /// <summary>A row that fits its checksum.</summary>
    public static StreamRow Of(string id, long version = 1, string? profile = null)
    {
        StreamRow row = new()
        {
            StreamId = StreamId.Parse(id),
            Version = version,
            Phase = StreamPhase.Running,
            SinceTicks = 0,
            Generation = version,
            IsLive = true,
            IsKept = false,
            Profile = profile,
            Node = "media-1",
            Json = "{}",
            Checksum = 0,
        };
        return row with { Checksum = RowChecksum.Of(row) };
    }
}
