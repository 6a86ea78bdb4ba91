// franz-go against us: produce, group consume, admin. Run as `go run . BOOTSTRAP`.
package main

import (
	"context"
	"fmt"
	"log"
	"math/rand"
	"os"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

func check(err error, what string) {
	if err != nil {
		log.Fatalf("%s: %v", what, err)
	}
}

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	suffix := rand.Intn(1_000_000)
	topic, group := fmt.Sprintf("franz-%d", suffix), fmt.Sprintf("franz-group-%d", suffix)
	const records, partitions = 2000, 4

	client, err := kgo.NewClient(kgo.SeedBrokers(os.Args[1]), kgo.ProducerBatchCompression(kgo.SnappyCompression()))
	check(err, "client")
	defer client.Close()
	admin := kadm.NewClient(client)
	_, err = admin.CreateTopic(ctx, partitions, 1, nil, topic)
	check(err, "create topic")

	for n := range records {
		record := &kgo.Record{Topic: topic, Key: fmt.Appendf(nil, "key-%d", n), Value: fmt.Appendf(nil, "value-%d", n)}
		client.Produce(ctx, record, func(_ *kgo.Record, err error) { check(err, "produce") })
	}
	check(client.Flush(ctx), "flush")

	// Two members with the cooperative balancer, the second joining while the first reads.
	seen := make(chan string, records*2)
	consume := func() *kgo.Client {
		member, err := kgo.NewClient(
			kgo.SeedBrokers(os.Args[1]), kgo.ConsumerGroup(group), kgo.ConsumeTopics(topic),
			kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.Balancers(kgo.CooperativeStickyBalancer()),
		)
		check(err, "member")
		go func() {
			for {
				fetches := member.PollFetches(ctx)
				if fetches.IsClientClosed() || ctx.Err() != nil {
					return
				}
				fetches.EachRecord(func(r *kgo.Record) { seen <- string(r.Key) + "=" + string(r.Value) })
			}
		}()
		return member
	}
	first := consume()
	got := map[string]bool{}
	for len(got) < records/2 {
		select {
		case each := <-seen:
			got[each] = true
		case <-ctx.Done():
			log.Fatalf("only %d records came", len(got))
		}
	}
	second := consume()
	for len(got) < records {
		select {
		case each := <-seen:
			got[each] = true
		case <-ctx.Done():
			log.Fatalf("only %d of %d records came", len(got), records)
		}
	}
	for n := range records {
		if !got[fmt.Sprintf("key-%d=value-%d", n, n)] {
			log.Fatalf("record %d is missing", n)
		}
	}
	check(first.CommitUncommittedOffsets(ctx), "commit")
	check(second.CommitUncommittedOffsets(ctx), "commit")
	first.Close()
	second.Close()

	lag, err := admin.Lag(ctx, group)
	check(err, "lag")
	if total := lag[group].Lag.Total(); total != 0 {
		log.Fatalf("lag is %d after everything was read and committed", total)
	}
	_, err = admin.DeleteGroups(ctx, group)
	check(err, "delete group")
	_, err = admin.DeleteTopics(ctx, topic)
	check(err, "delete topic")
	fmt.Printf("franz-go: %d records over %d partitions, two cooperative members\n", records, partitions)
}
