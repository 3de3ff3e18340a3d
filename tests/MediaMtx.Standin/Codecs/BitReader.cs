namespace MediaMtx.Standin.Codecs;

/// <summary>Reads bits and Exp-Golomb numbers; past the end everything is zero.</summary>
internal ref struct BitReader(ReadOnlySpan<byte> data)
{
    private readonly ReadOnlySpan<byte> _data = data;
    private int _at;

    public readonly bool AtEnd => _at >= _data.Length * 8;

    public int Bit()
    {
        int bit = AtEnd ? 0 : (_data[_at >> 3] >> (7 - (_at & 7))) & 1;
        _at++;
        return bit;
    }

    public bool Flag() => Bit() == 1;

    public int Bits(int count)
    {
        int value = 0;
        for (int i = 0; i < count; i++)
        {
            value = (value << 1) | Bit();
        }

        return value;
    }

    public void Skip(int count) => _at += count;

    public int Unsigned()
    {
        int zeros = 0;
        while (Bit() == 0)
        {
            if (++zeros > 31 || AtEnd)
            {
                return 0;
            }
        }

        return (1 << zeros) - 1 + Bits(zeros);
    }

    public int Signed()
    {
        int value = Unsigned();
        return (value & 1) == 1 ? (value + 1) / 2 : -(value / 2);
    }
}
