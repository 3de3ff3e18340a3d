using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Streams.Grains.Store;

/// <summary>A checksum over all fields of a row, to detect a row that was damaged or edited by hand.</summary>
internal static class RowChecksum
{
    public static long Of(StreamRow row) => Of(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{row.StreamId}\n{row.Version}\n{(int)row.Phase}\n{row.SinceTicks}\n{row.Generation}\n{row.IsLive}\n{row.IsKept}\n{row.Profile}\n{row.Json}"));

    public static long Of(HistoryRow row) =>
        Of(string.Create(CultureInfo.InvariantCulture, $"{row.StreamId}\n{(int)row.Kind}\n{row.AtTicks}\n{row.Json}"));

    private static long Of(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return BinaryPrimitives.ReadInt64BigEndian(hash);
    }
}
