using System.Text;

namespace Streams.Grains.Os;

/// <summary>Splits a worker's output into lines of bounded length. The rest of a longer line is read and discarded, so that the pipe never fills.</summary>
internal static class BoundedLineReader
{
    /// <summary>The most bytes kept of a line: far more than is shown, so that secrets are redacted before the line is truncated.</summary>
    public const int MaxLine = 8 * 1024;

    /// <summary>Reads to the end, and calls <paramref name="onLine"/> for each line that is not blank.</summary>
    public static async Task ReadLines(Stream stream, Action<string> onLine)
    {
        byte[] chunk = new byte[2048];
        byte[] line = new byte[MaxLine];
        int length = 0;
        int read;
        while ((read = await stream.ReadAsync(chunk)) > 0)
        {
            for (int i = 0; i < read; i++)
            {
                byte b = chunk[i];
                if (b is (byte)'\n' or (byte)'\r')
                {
                    Finish();
                }
                else if (length < MaxLine)
                {
                    line[length++] = b;
                }
            }
        }

        Finish();

        void Finish()
        {
            string text = Encoding.UTF8.GetString(line, 0, length == MaxLine ? WholeCharacters(line) : length).TrimEnd();
            if (text.Length > 0)
            {
                onLine(text);
            }

            length = 0;
        }
    }

    /// <summary>The length of a truncated line without a last character that was split.</summary>
    private static int WholeCharacters(byte[] line)
    {
        int start = line.Length - 1;
        while (start > line.Length - 4 && (line[start] & 0xC0) == 0x80)
        {
            start--; // Back to the first byte of the character.
        }

        return Rune.DecodeFromUtf8(line.AsSpan(start), out _, out _) == System.Buffers.OperationStatus.NeedMoreData ? start : line.Length;
    }
}
