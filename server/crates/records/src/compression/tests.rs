use super::*;

const ALL: [Compression; 5] = [
    Compression::None,
    Compression::Gzip,
    Compression::Snappy,
    Compression::Lz4,
    Compression::Zstd,
];

fn packed(codec: Compression, plain: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    compress(codec, plain, &mut out);
    out
}

fn unpacked(codec: Compression, input: &[u8], limits: &DecompressLimits) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    decompress(codec, input, limits, &mut out).map(|()| out)
}

#[test]
fn what_was_compressed_comes_back() {
    for codec in ALL {
        for size in [0, 1, 100, 32 * 1024, 32 * 1024 + 1, 300_000] {
            let plain: Vec<u8> = (0..size).map(|at: usize| (at * at / 7) as u8).collect();
            let back = unpacked(codec, &packed(codec, &plain), &DecompressLimits::default());
            assert_eq!(back.as_deref(), Ok(&plain[..]), "{codec}, {size} bytes");
        }
    }
}

#[test]
fn snappy_without_framing_is_read_too() {
    let plain = b"raw snappy raw snappy raw snappy".repeat(9);
    let raw = snap::raw::Encoder::new().compress_vec(&plain).expect("small");
    let back = unpacked(Compression::Snappy, &raw, &DecompressLimits::default());
    assert_eq!(back, Ok(plain));
}

#[test]
fn several_gzip_members_and_zstd_frames_are_one_stream() {
    for codec in [Compression::Gzip, Compression::Zstd, Compression::Lz4] {
        let two = [packed(codec, b"one "), packed(codec, b"two")].concat();
        let back = unpacked(codec, &two, &DecompressLimits::default());
        // An LZ4 reader may stop at the end of the first frame, as Kafka's does.
        let ends_early = codec == Compression::Lz4 && back.as_deref() == Ok(b"one ");
        assert!(ends_early || back.as_deref() == Ok(b"one two"), "{codec}: {back:?}");
    }
}

#[test]
fn bombs_stop_at_the_limit() {
    let limits = DecompressLimits { output_bytes_max: 1 << 20, ratio_max: 1 << 20 };
    for codec in ALL {
        let exact = packed(codec, &vec![0; 1 << 20]);
        assert!(unpacked(codec, &exact, &limits).is_ok(), "{codec}");
        let bomb = packed(codec, &vec![0; (1 << 20) + 1]);
        let error = unpacked(codec, &bomb, &limits).expect_err("too much");
        assert_eq!(error, Error::DecompressedTooLarge { output_bytes_max: 1 << 20 }, "{codec}");
    }
}

#[test]
fn the_ratio_counts_from_sixteen_mebibytes_on() {
    let limits = DecompressLimits { output_bytes_max: usize::MAX, ratio_max: 10 };
    let free = packed(Compression::Zstd, &vec![0; RATIO_FREE_BYTES]);
    assert!(unpacked(Compression::Zstd, &free, &limits).is_ok());
    let bomb = packed(Compression::Zstd, &vec![0; RATIO_FREE_BYTES + 1]);
    assert!(unpacked(Compression::Zstd, &bomb, &limits).is_err());
}

#[test]
fn snappy_blocks_that_lie_about_their_size_cost_nothing() {
    // A raw block that states 4 GiB in five bytes.
    let lie = [0xff, 0xff, 0xff, 0xff, 0x0f, 0x00];
    let limits = DecompressLimits { output_bytes_max: usize::MAX, ratio_max: usize::MAX };
    assert!(unpacked(Compression::Snappy, &lie, &limits).is_err());
    let mut framed = packed(Compression::Snappy, b"hello");
    framed[16..20].copy_from_slice(&(-5i32).to_be_bytes());
    assert!(unpacked(Compression::Snappy, &framed, &limits).is_err());
    framed[16..20].copy_from_slice(&i32::MAX.to_be_bytes());
    assert!(unpacked(Compression::Snappy, &framed, &limits).is_err());
    assert!(unpacked(Compression::Snappy, &framed[..10], &limits).is_err());
}

#[test]
fn a_zstd_window_beyond_the_limit_is_refused() {
    // Magic, a frame header without content size, a window descriptor of 2^31 bytes, one raw block.
    let frame = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 0x09, 0x00, 0x00, 0x61];
    assert!(unpacked(Compression::Zstd, &frame, &DecompressLimits::default()).is_err());
}

#[test]
fn lz4_frames_with_dependent_blocks_are_refused_as_kafka_does() {
    let mut out = Vec::new();
    let mut frame = lz4_flex::frame::FrameInfo::new();
    frame.block_mode = lz4_flex::frame::BlockMode::Linked;
    let mut encoder = lz4_flex::frame::FrameEncoder::with_frame_info(frame, &mut out);
    encoder.write_all(&[1; 1000]).expect("memory");
    encoder.finish().expect("memory");
    assert!(unpacked(Compression::Lz4, &out, &DecompressLimits::default()).is_err());
}

#[test]
fn data_cut_anywhere_is_an_error_or_short_but_never_a_panic() {
    let plain = b"some text that compresses, text that compresses".repeat(5);
    for codec in [Compression::Gzip, Compression::Snappy, Compression::Lz4, Compression::Zstd] {
        let whole = packed(codec, &plain);
        for size in 0..whole.len() {
            let back = unpacked(codec, &whole[..size], &DecompressLimits::default());
            assert_ne!(back.as_deref(), Ok(&plain[..]), "{codec} cut at {size}");
        }
    }
}

#[test]
fn names_are_kafka_s() {
    for codec in ALL {
        assert_eq!(codec.to_string().parse(), Ok(codec));
        assert_eq!(Compression::from_id(codec.id()), Ok(codec));
    }
    assert_eq!("uncompressed".parse(), Ok(Compression::None));
    assert!("brotli".parse::<Compression>().is_err());
    assert_eq!(Compression::from_id(5), Err(Error::UnknownCompression { id: 5 }));
}
