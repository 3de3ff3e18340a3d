using System.Buffers;
using System.Text;

namespace Streams.Silo.Storage.Postgres;

/// <summary>
/// Checks for text that PostgreSQL cannot store: NUL and unpaired surrogates. Npgsql breaks its connection at an unpaired surrogate, and with it the
/// writes of other streams, so such text is refused first.
/// </summary>
internal static class PostgresText
{
    /// <summary>Refuses text that PostgreSQL cannot store.</summary>
    /// <exception cref="StoreUnavailableException">One of the texts has such a character.</exception>
    public static void ThrowUnlessStorable(StreamId id, params ReadOnlySpan<string?> texts)
    {
        foreach (string? text in texts)
        {
            if (!IsStorable(text))
            {
                throw new StoreUnavailableException(
                    $"The state of stream {id} has a character that PostgreSQL does not keep: NUL, or half of a surrogate pair. Nothing was saved.");
            }
        }
    }

    private static bool IsStorable(ReadOnlySpan<char> text)
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
