using System.Buffers;
using System.Text;

namespace Streams.Silo.Storage.Postgres;

/// <summary>
/// Which text PostgreSQL keeps: all of Unicode but NUL. Npgsql gives its connection up at half of a surrogate pair, and with it the writes of others,
/// so it is refused before.
/// </summary>
internal static class PostgresText
{
    /// <summary>Refuses what PostgreSQL would not keep as it is.</summary>
    /// <exception cref="StoreUnavailableException">One of the texts has such a character.</exception>
    public static void ThrowUnlessKept(StreamId id, params ReadOnlySpan<string?> texts)
    {
        foreach (string? text in texts)
        {
            if (!IsKept(text))
            {
                throw new StoreUnavailableException(
                    $"What is to be saved of stream {id} has a character that PostgreSQL does not keep: NUL, or half of a surrogate pair. Nothing was saved.");
            }
        }
    }

    private static bool IsKept(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out Rune rune, out int used) != OperationStatus.Done || rune.Value == 0)
            {
                return false;
            }

            text = text[used..];
        }

        return true;
    }
}
