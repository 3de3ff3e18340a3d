using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Streams.Grains.Continuity.Slates;

/// <summary>A file of the operator's that is to be shown while nobody publishes an output.</summary>
/// <param name="File">Its absolute path.</param>
/// <param name="Format">What it is, by its content.</param>
/// <param name="Hash">Identifies its content.</param>
internal sealed record Card(string File, CardFormat Format, string Hash)
{
    private static readonly byte[] PngSignature = [0x89, .. "PNG\r\n"u8, 0x1A, (byte)'\n'];
    private const int LongestSide = 8192;
    private const int MaxPictureBytes = 16 << 20;
    private const int MaxClipBytes = 64 << 20;

    /// <summary>Reads what a file is. Nothing of it is decoded.</summary>
    /// <exception cref="SlateException">It can be no card; the message says why.</exception>
    public static Card Read(string path)
    {
        byte[] content = ReadBytes(path);
        ReadOnlySpan<byte> bytes = content;
        CardFormat format = bytes.StartsWith(PngSignature) ? CardFormat.Png
            : bytes.Length > 8 && bytes[4..].StartsWith("ftyp"u8) ? CardFormat.Mp4
            : throw new SlateException("it is neither a PNG picture nor an MP4 file.");
        if (format == CardFormat.Png)
        {
            CheckPicture(bytes);
        }

        return new Card(Path.GetFullPath(path), format, Convert.ToHexStringLower(SHA256.HashData(content))[..16]);
    }

    /// <summary>Its content.</summary>
    /// <exception cref="SlateException">It has changed since it was read, or can be read no more.</exception>
    public byte[] ReadContent()
    {
        byte[] content = ReadBytes(File);
        return Convert.ToHexStringLower(SHA256.HashData(content)).StartsWith(Hash, StringComparison.Ordinal) ? content : throw new SlateException("it has just been changed.");
    }

    /// <summary>The file itself, where the path is a link to it: only that has a length.</summary>
    /// <exception cref="IOException">Links that end nowhere.</exception>
    public static FileInfo Resolve(string path) => new FileInfo(path) is { LinkTarget: not null } link ? new FileInfo(link.ResolveLinkTarget(returnFinalTarget: true)!.FullName) : new FileInfo(path);

    private static byte[] ReadBytes(string path)
    {
        try
        {
            FileInfo file = Resolve(path);
            if (!file.Exists)
            {
                throw new SlateException(Directory.Exists(path) ? "it is a folder." : "there is no such file, or the silo may not see it.");
            }

            // A pipe or a device has no length, and may never end.
            if (file.Length is 0 or > MaxClipBytes)
            {
                throw new SlateException(file.Length == 0 ? "it is empty, or no file." : $"it has more than {MaxClipBytes >> 20} MB.");
            }

            using FileStream stream = file.OpenRead();
            byte[] content = new byte[file.Length];
            stream.ReadExactly(content);
            return content;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new SlateException($"it cannot be read: {failure.Message}", failure);
        }
    }

    /// <summary>A picture of a few bytes can be one of gigabytes, once it is decoded.</summary>
    private static void CheckPicture(ReadOnlySpan<byte> bytes)
    {
        const int Header = 24; // Signature, length and type of IHDR, width, height.
        if (bytes.Length < Header)
        {
            throw new SlateException("it ends within its header.");
        }

        if (bytes.Length > MaxPictureBytes)
        {
            throw new SlateException($"it has more than {MaxPictureBytes >> 20} MB.");
        }

        (uint width, uint height) = (BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]), BinaryPrimitives.ReadUInt32BigEndian(bytes[20..]));
        if (width is 0 or > LongestSide || height is 0 or > LongestSide)
        {
            throw new SlateException(string.Create(CultureInfo.InvariantCulture, $"its picture of {width}x{height} is not between 1x1 and {LongestSide}x{LongestSide}."));
        }
    }
}

/// <summary>What a card is.</summary>
internal enum CardFormat
{
    /// <summary>A picture.</summary>
    Png,

    /// <summary>A clip.</summary>
    Mp4,
}
