using System.Text;

namespace Streams;

/// <summary>Splits a worker's output into lines, however long: what is over the limit is read and left out, so that the pipe never fills.</summary>
internal static class BoundedLineReader
{
    /// <summary>The longest line kept, in bytes: far more than is shown, so that a secret is found before the line is cut.</summary>
    public const int MaxLine = 8 * 1024;

    /// <summary>Reads to the end, and hands on each line that is not blank.</summary>
    public static async Task ReadLines(Stream stream, Action<string> take)
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
            string text = Encoding.UTF8.GetString(line, 0, length).TrimEnd();
            if (text.Length > 0)
            {
                take(text);
            }

            length = 0;
        }
    }
}
